/**
 * Policies: what decides the next action from what is observed.
 *
 * <p>{@link io.pipelinev2.backtest.policy.ActorCheckpoint} reads the weights out of a PyTorch {@code actor.pth} without
 * ever running what the file asks for, {@link io.pipelinev2.backtest.policy.ActorNetwork} is the forward pass over them.
 * {@link io.pipelinev2.backtest.policy.OnnxModel} is an {@code actor.onnx}, played by ONNX Runtime if that is there. Both are
 * an {@link io.pipelinev2.backtest.policy.ActorModel}.
 */
@NullMarked
package io.pipelinev2.backtest.policy;

import org.jspecify.annotations.NullMarked;
