/**
 * The configuration: one JSON file, read by {@link io.pipelinev2.runner.config.ConfigLoader} into the records of
 * {@link io.pipelinev2.runner.config.PipelineConfig}. Each record knows its own keys, their defaults and their rules, so
 * that everything about a block of the file is in one place. Nothing is ignored and nothing is guessed: an unknown key is
 * a fault, and all faults of a file are reported together, each with its place.
 */
@NullMarked
package io.pipelinev2.runner.config;

import org.jspecify.annotations.NullMarked;
