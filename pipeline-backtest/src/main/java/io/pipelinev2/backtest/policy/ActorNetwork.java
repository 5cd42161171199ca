package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;

/**
 * The actor's forward pass in float32: three linear layers with ReLU, ReLU and tanh. Deterministic, as in evaluation; the
 * exploration noise of training is not applied.
 *
 * <p>Additions happen in another order than in PyTorch, so actions agree within about 1e-6, not bit by bit. One instance
 * belongs to one thread; several may share a checkpoint.
 */
public final class ActorNetwork implements Policy {

    private final ActorCheckpoint checkpoint;
    private final Layer first;
    private final Layer second;
    private final Layer last;
    private final float[] hidden1;
    private final float[] hidden2;

    /** A network over the checkpoint's weights. */
    public ActorNetwork(ActorCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.first = new Layer(checkpoint.first());
        this.second = new Layer(checkpoint.second());
        this.last = new Layer(checkpoint.last());
        this.hidden1 = new float[first.outputs];
        this.hidden2 = new float[second.outputs];
    }

    @Override
    public void act(float[] state, float[] action) {
        if (state.length != first.inputs || action.length != last.outputs) {
            throw new IllegalArgumentException("the network takes " + first.inputs + " values and gives " + last.outputs
                    + " actions, but was given arrays of " + state.length + " and " + action.length);
        }
        first.apply(state, hidden1);
        rectify(hidden1);
        second.apply(hidden1, hidden2);
        rectify(hidden2);
        last.apply(hidden2, action);
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) Math.tanh(action[i]);
        }
    }

    /** Where the weights came from. */
    public ActorCheckpoint checkpoint() {
        return checkpoint;
    }

    private static void rectify(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], 0);
        }
    }

    /** One layer with its weights turned to [in, out], so that the inner loop runs over outputs, which do not depend on each other. */
    private static final class Layer {

        private final int inputs;
        private final int outputs;
        private final float[] weights;
        private final float[] bias;

        Layer(Linear linear) {
            this.inputs = linear.inputs();
            this.outputs = linear.outputs();
            this.bias = linear.bias();
            this.weights = new float[inputs * outputs];
            for (int out = 0; out < outputs; out++) {
                for (int in = 0; in < inputs; in++) {
                    weights[in * outputs + out] = linear.weights()[out * inputs + in];
                }
            }
        }

        void apply(float[] x, float[] y) {
            System.arraycopy(bias, 0, y, 0, outputs);
            int in = 0;
            // Four inputs per pass over the outputs: a quarter of the loads and stores of y.
            for (; in + 4 <= inputs; in += 4) {
                addFour(y, x[in], x[in + 1], x[in + 2], x[in + 3], in * outputs);
            }
            for (; in < inputs; in++) {
                addOne(y, x[in], in * outputs);
            }
        }

        private void addFour(float[] y, float x0, float x1, float x2, float x3, int at0) {
            int at1 = at0 + outputs;
            int at2 = at1 + outputs;
            int at3 = at2 + outputs;
            for (int out = 0; out < outputs; out++) {
                y[out] += x0 * weights[at0 + out]
                        + x1 * weights[at1 + out]
                        + x2 * weights[at2 + out]
                        + x3 * weights[at3 + out];
            }
        }

        private void addOne(float[] y, float x, int at) {
            for (int out = 0; out < outputs; out++) {
                y[out] += x * weights[at + out];
            }
        }
    }
}
