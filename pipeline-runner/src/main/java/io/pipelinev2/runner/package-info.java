/**
 * The program around the library, and the wiring that another application can use: {@link
 * io.pipelinev2.runner.PipelineHome} opens a home's configuration, store, source, stages and deployer. Thin: it decides
 * nothing.
 */
@NullMarked
package io.pipelinev2.runner;

import org.jspecify.annotations.NullMarked;
