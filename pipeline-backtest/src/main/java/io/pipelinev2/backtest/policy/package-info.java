/**
 * Policies: what decides the next action from what is observed.
 *
 * <p>{@link io.pipelinev2.backtest.policy.ActorCheckpoint} reads the weights out of a PyTorch {@code actor.pth} without
 * ever running what the file asks for, {@link io.pipelinev2.backtest.policy.ActorNetwork} is the forward pass over them and
 * {@link io.pipelinev2.backtest.policy.ActorRollout} the same along the bars of a market. The loops are those of a {@link
 * io.pipelinev2.backtest.policy.Kernel}: in vector instructions where the JVM has the Vector API, plain otherwise, with the
 * same results bit by bit. {@link io.pipelinev2.backtest.policy.OnnxModel} is an {@code actor.onnx}, played by ONNX Runtime
 * if that is there. Both formats are an {@link io.pipelinev2.backtest.policy.ActorModel}.
 */
@NullMarked
package io.pipelinev2.backtest.policy;

import org.jspecify.annotations.NullMarked;
