/**
 * The command line: one class a command, each reading or writing the home that its options name. Data goes to standard
 * output, everything else to standard error.
 */
@NullMarked
package io.pipelinev2.runner.cli;

import org.jspecify.annotations.NullMarked;
