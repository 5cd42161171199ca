/**
 * Stages, gates and trial sources that a home or a host application brings: classes in jars of the directory {@code plugins},
 * objects, and commands in any language. What is wrong with one of them stays with it.
 */
@NullMarked
package io.pipelinev2.runner.extension;

import org.jspecify.annotations.NullMarked;
