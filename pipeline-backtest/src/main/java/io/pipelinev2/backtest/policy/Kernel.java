package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;

/**
 * A way to compute linear layers: it packs their weights once, in the order in which its loops read them.
 *
 * <p><b>All kernels give the same bits.</b> What a sum is made of, and in which order, is part of the contract: every term is
 * added by a fused multiply-add ({@link Math#fma(float, float, float)}), and different outputs never share a sum, so it does
 * not matter how many of them are computed at once. A verdict must not depend on the machine or on a JVM flag.
 *
 * <p>Layers hold weights only and may be shared by threads. Nothing is allocated but by packing.
 */
interface Kernel {

    /**
     * Packs a hidden layer.
     *
     * @param firstInput the layer's inputs are taken from this one on, and those before it last
     */
    Hidden hidden(Linear linear, int firstInput);

    /** Packs the last layer. */
    Last last(Linear linear);

    /** A layer with ReLU. The sum of an output starts from its bias and takes the inputs in ascending order. */
    interface Hidden {

        /** Length of its sums: the outputs, and perhaps padding, whose sums are 0. */
        int length();

        /** The sums before the first input. */
        float[] bias();

        /**
         * Adds some inputs to the sums of several rows; each weight is loaded once for more than one of them.
         *
         * @param x the first row's first of these inputs is at {@code xAt}, the other rows' are {@code xStride} apart
         * @param sums rows of {@link #length()} each, the first {@code rows} of which are changed
         */
        void add(int firstInput, int inputs, float[] x, int xAt, int xStride, float[][] sums, int rows);

        /**
         * The outputs, from sums that the inputs before {@code firstInput} were added to.
         *
         * @param x the inputs from {@code firstInput} on
         * @param y of {@link #length()}
         */
        void rectified(float[] sums, int firstInput, float[] x, float[] y);
    }

    /**
     * A layer without ReLU. It has too few outputs to keep a processor busy with one sum each, so each has four: input {@code
     * i} goes to sum {@code i % 4}, ascending; the first starts from the bias, the others from 0; at the end they are added
     * as {@code (0 + 1) + (2 + 3)}.
     */
    interface Last {

        /** Length of what it writes: the outputs, and perhaps padding. */
        int length();

        void apply(float[] x, float[] y);
    }
}
