package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;

/** A linear layer's weights in the order in which a {@link Kernel} reads them, padded with zeros to whole panels. */
final class PackedLayer {

    private final Kernel kernel;
    private final int inputs;
    private final int width;
    private final int panels;
    private final float[] weights;
    private final float[] bias;

    private PackedLayer(Kernel kernel, Linear linear, int width, int firstInput) {
        this.kernel = kernel;
        this.inputs = linear.inputs();
        this.width = width;
        this.panels = (linear.outputs() + width - 1) / width;
        this.weights = new float[Math.multiplyExact(panels * width, inputs)];
        this.bias = new float[panels * width];
        for (int output = 0; output < linear.outputs(); output++) {
            bias[output] = linear.bias(output);
            int at = (output / width) * inputs * width + output % width;
            for (int i = 0; i < inputs; i++) {
                weights[at + i * width] = linear.weight(output, (firstInput + i) % inputs);
            }
        }
    }

    /** A hidden layer whose inputs are taken from {@code firstInput} on, and those before it last. */
    static PackedLayer hidden(Kernel kernel, Linear linear, int firstInput) {
        int width = kernel.hiddenWidth(linear.outputs());
        // A panel that would be mostly padding is not worth it, and a file must not decide how much memory that takes.
        return 2 * linear.outputs() < width
                ? hidden(new PlainKernel(), linear, firstInput)
                : new PackedLayer(kernel, linear, width, firstInput);
    }

    static PackedLayer last(Kernel kernel, Linear linear) {
        return new PackedLayer(kernel, linear, kernel.lastWidth(), 0);
    }

    int inputs() {
        return inputs;
    }

    /** Outputs, padding included; those that pad are 0. */
    int paddedOutputs() {
        return panels * width;
    }

    /** A hidden layer with all its inputs. */
    void rectified(float[] x, float[] y) {
        rectified(x, 0, bias, 0, y);
    }

    /**
     * A hidden layer with its last inputs, after sums over the ones before them.
     *
     * @param x the inputs from {@code firstInput} to the last
     * @param sums {@link #paddedOutputs()} of them from {@code sumsAt} on
     */
    void rectified(float[] x, int firstInput, float[] sums, int sumsAt, float[] y) {
        int count = inputs - firstInput;
        for (int panel = 0; panel < panels; panel++) {
            int at = panel * width;
            kernel.add(weights, weightsAt(panel, firstInput), width, x, 0, count, sums, sumsAt + at, y, at, true);
        }
    }

    /** Sets {@code rows} rows of sums to the bias. */
    void start(float[] sums, int rows) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(bias, 0, sums, row * bias.length, bias.length);
        }
    }

    /**
     * Adds some inputs to each of {@code rows} rows of sums.
     *
     * @param x row by row, {@code xStride} apart
     * @param sums row by row, {@link #paddedOutputs()} each
     */
    void add(int panel, int firstInput, int count, float[] x, int xAt, int xStride, float[] sums, int rows) {
        int weightsAt = weightsAt(panel, firstInput);
        int stride = bias.length;
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            int at = row * stride + panel * width;
            kernel.addFour(weights, weightsAt, width, x, xAt + row * xStride, xStride, count, sums, at, stride);
        }
        for (; row < rows; row++) {
            int at = row * stride + panel * width;
            kernel.add(weights, weightsAt, width, x, xAt + row * xStride, count, sums, at, sums, at, false);
        }
    }

    int panels() {
        return panels;
    }

    /** The last layer. */
    void last(float[] x, float[] y) {
        for (int panel = 0; panel < panels; panel++) {
            int at = panel * width;
            kernel.last(weights, weightsAt(panel, 0), x, inputs, bias, at, y, at);
        }
    }

    private int weightsAt(int panel, int input) {
        return (panel * inputs + input) * width;
    }
}
