package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;

/**
 * A layer's weights in panels of {@code width} outputs, input by input within a panel, padded with zeros: the weight of
 * input {@code i} and output {@code p * width + o} is at {@code (p * inputs + i) * width + o}. A loop over the inputs streams
 * a panel once while its sums stay in registers.
 */
record Panels(int inputs, int width, float[] weights, float[] bias) {

    /** @param firstInput the layer's inputs are taken from this one on, and those before it last */
    static Panels of(Linear linear, int width, int firstInput) {
        int inputs = linear.inputs();
        int count = (linear.outputs() + width - 1) / width;
        float[] weights = new float[Math.multiplyExact(count * width, inputs)];
        float[] bias = new float[count * width];
        for (int output = 0; output < linear.outputs(); output++) {
            bias[output] = linear.bias(output);
            int at = output / width * inputs * width + output % width;
            for (int i = 0; i < inputs; i++) {
                weights[at + i * width] = linear.weight(output, (firstInput + i) % inputs);
            }
        }
        return new Panels(inputs, width, weights, bias);
    }

    /** Outputs, padding included. */
    int length() {
        return bias.length;
    }

    /** Where the weights of an input lie in the panel that begins with this output. */
    int at(int output, int input) {
        return output * inputs + input * width;
    }
}
