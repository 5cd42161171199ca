package io.pipelinev2.backtest.policy;

/**
 * The inner loops of a linear layer over packed weights.
 *
 * <p>Weights lie in panels of {@code width} outputs, input by input within a panel: the weight of input {@code i} and
 * output {@code p * width + o} is at {@code (p * inputs + i) * width + o}. So a loop over the inputs streams them once and
 * keeps the panel's sums in registers.
 *
 * <p><b>All implementations give the same bits.</b> What a sum is made of, and in which order, is part of the contract:
 * every term is added by a fused multiply-add ({@link Math#fma(float, float, float)}), and different outputs never share a
 * sum, so it does not matter how many of them are computed at once. A verdict must not depend on the machine or on a JVM
 * flag.
 */
interface Kernel {

    /** Outputs per panel of a hidden layer with so many outputs. */
    int hiddenWidth(int outputs);

    /** Outputs per panel of the last layer, which has few. */
    int lastWidth();

    /**
     * Adds inputs to the sums of one panel of a hidden layer, one after the other in ascending order.
     *
     * @param weights weights of the first of these inputs from {@code weightsAt} on
     * @param from sums before, {@code width} of them from {@code fromAt} on
     * @param to receives the sums; may be {@code from} at the same place
     * @param rectify whether negative sums become 0 at the end
     */
    void add(
            float[] weights,
            int weightsAt,
            int width,
            float[] x,
            int xAt,
            int inputs,
            float[] from,
            int fromAt,
            float[] to,
            int toAt,
            boolean rectify);

    /**
     * The same for four rows of inputs and of sums at once, in place and without rectifying: each weight is loaded once for
     * all of them.
     */
    void addFour(
            float[] weights,
            int weightsAt,
            int width,
            float[] x,
            int xAt,
            int xStride,
            int inputs,
            float[] sums,
            int sumsAt,
            int sumsStride);

    /**
     * One panel of the last layer. Too few outputs to keep a processor busy with one sum each, so each has four: input
     * {@code i} goes to sum {@code i % 4}, ascending; the first starts from the bias, the others from 0; at the end they are
     * added as {@code (0 + 1) + (2 + 3)}.
     *
     * @param bias {@code width} of them from {@code biasAt} on
     */
    void last(float[] weights, int weightsAt, float[] x, int inputs, float[] bias, int biasAt, float[] y, int yAt);
}
