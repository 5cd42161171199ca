/** A complete example home that travels in the jar: an Optuna study with its models and market data. */
@NullMarked
package io.pipelinev2.runner.demo;

import org.jspecify.annotations.NullMarked;
