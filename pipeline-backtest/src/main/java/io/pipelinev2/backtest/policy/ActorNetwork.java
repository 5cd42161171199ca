package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.market.MarketData;

/**
 * The actor's forward pass in float32: three linear layers with ReLU, ReLU and tanh. Deterministic, as in evaluation; the
 * exploration noise of training is not applied.
 *
 * <p>The same weights and observation give the same actions bit by bit, on every machine and with every JVM flag, observed
 * one by one or along a market ({@link #along}). Additions happen in another order than in PyTorch, so its actions agree
 * within about 1e-6. One instance belongs to one thread; several may share a checkpoint.
 */
public final class ActorNetwork implements Policy {

    private final ActorCheckpoint checkpoint;
    private final int inputs;
    private final int account;
    private final Kernel.Hidden first;
    private final Kernel.Hidden second;
    private final Kernel.Last last;
    private final float[] input;
    private final float[] hidden1;
    private final float[] hidden2;
    private final float[] output;

    /** A network over the checkpoint's weights. */
    public ActorNetwork(ActorCheckpoint checkpoint) {
        this(checkpoint, KernelChoice.fastest());
    }

    ActorNetwork(ActorCheckpoint checkpoint, Kernel kernel) {
        this.checkpoint = checkpoint;
        this.inputs = checkpoint.stateDimension();
        this.account = Math.min(1 + checkpoint.actions(), inputs);
        // The market first: its part of the sums does not depend on what the agent did, so it can be added up ahead.
        this.first = kernel.hidden(checkpoint.first(), account);
        this.second = kernel.hidden(checkpoint.second(), 0);
        this.last = kernel.last(checkpoint.last());
        this.input = new float[inputs];
        this.hidden1 = new float[first.length()];
        this.hidden2 = new float[second.length()];
        this.output = new float[last.length()];
    }

    @Override
    public void act(float[] state, float[] action) {
        if (state.length != inputs || action.length != checkpoint.actions()) {
            throw new IllegalArgumentException("the network takes " + inputs + " values and gives "
                    + checkpoint.actions() + " actions, but was given arrays of " + state.length + " and "
                    + action.length);
        }
        int market = inputs - account;
        System.arraycopy(state, account, input, 0, market);
        System.arraycopy(state, 0, input, market, account);
        first.rectified(first.bias(), 0, input, hidden1);
        finish(action);
    }

    /**
     * The same network along the bars of one market. It shares this one's buffers and thread.
     *
     * @param lookback bars that an observation shows, at least 1
     * @param normTech what features are multiplied by
     * @throws IllegalArgumentException when the network does not take observations of this length
     */
    public ActorRollout along(MarketData market, int lookback, double normTech) {
        return new ActorRollout(this, market, lookback, normTech);
    }

    /** Where the weights came from. */
    public ActorCheckpoint checkpoint() {
        return checkpoint;
    }

    Kernel.Hidden first() {
        return first;
    }

    /** Cash and holdings, in front of the features in an observation. */
    int accountLength() {
        return account;
    }

    /** The rest of a step, when the market's part of the first layer has been added up. */
    void actFrom(float[] sums, float[] accountState, float[] action) {
        first.rectified(sums, inputs - account, accountState, hidden1);
        finish(action);
    }

    private void finish(float[] action) {
        second.rectified(second.bias(), 0, hidden1, hidden2);
        last.apply(hidden2, output);
        for (int i = 0; i < action.length; i++) {
            action[i] = Tanh.of(output[i]);
        }
    }
}
