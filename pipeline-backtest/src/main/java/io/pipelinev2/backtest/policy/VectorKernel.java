package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops in vector instructions by the Vector API, which incubates: the class can be loaded only where the JVM was
 * started with {@code --add-modules jdk.incubator.vector}. See {@link KernelChoice}.
 *
 * <p>Eight sums of a vector each hide the latency of the multiply-add: two per cycle of four cycles each. Vectors are at
 * most 256 bits long: where 512 exist, a step is bound by the memory that its weights come from, not by arithmetic.
 */
final class VectorKernel implements Kernel {

    private static final VectorSpecies<Float> V =
            FloatVector.SPECIES_PREFERRED.length() >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    private static final int LANES = V.length();
    private static final int PANEL = 8 * LANES;

    @Override
    public Kernel.Hidden hidden(Linear linear, int firstInput) {
        // A panel that would be mostly padding is not worth it, and a file must not decide how much memory that takes.
        return 2 * linear.outputs() < PANEL
                ? new PlainKernel().hidden(linear, firstInput)
                : new Hidden(Panels.of(linear, PANEL, firstInput));
    }

    @Override
    public Kernel.Last last(Linear linear) {
        return new Last(Panels.of(linear, LANES, 0));
    }

    private record Hidden(Panels panels) implements Kernel.Hidden {

        @Override
        public int length() {
            return panels.length();
        }

        @Override
        public float[] bias() {
            return panels.bias();
        }

        @Override
        public void add(int firstInput, int inputs, float[] x, int xAt, int xStride, float[][] sums, int rows) {
            for (int panel = 0; panel < panels.length(); panel += PANEL) {
                int weightsAt = panels.at(panel, firstInput);
                int row = 0;
                for (; row + 4 <= rows; row += 4) {
                    int at = xAt + row * xStride;
                    for (int pair = 0; pair < PANEL; pair += 2 * LANES) {
                        addToFour(panels.weights(), weightsAt + pair, x, at, xStride, inputs, sums, row, panel + pair);
                    }
                }
                for (; row < rows; row++) {
                    addToOne(
                            panels.weights(),
                            weightsAt,
                            x,
                            xAt + row * xStride,
                            inputs,
                            sums[row],
                            sums[row],
                            panel,
                            false);
                }
            }
        }

        @Override
        public void rectified(float[] sums, int firstInput, float[] x, float[] y) {
            int inputs = panels.inputs() - firstInput;
            for (int panel = 0; panel < panels.length(); panel += PANEL) {
                addToOne(panels.weights(), panels.at(panel, firstInput), x, 0, inputs, sums, y, panel, true);
            }
        }
    }

    private record Last(Panels panels) implements Kernel.Last {

        @Override
        public int length() {
            return panels.length();
        }

        @Override
        public void apply(float[] x, float[] y) {
            for (int panel = 0; panel < panels.length(); panel += LANES) {
                last(panels.weights(), panels.at(panel, 0), x, panels.inputs(), panels.bias(), y, panel);
            }
        }
    }

    /** A panel of one row, its sums beginning at {@code at}. */
    private static void addToOne(
            float[] weights,
            int weightsAt,
            float[] x,
            int xAt,
            int inputs,
            float[] from,
            float[] to,
            int at,
            boolean rectify) {
        FloatVector sum0 = FloatVector.fromArray(V, from, at);
        FloatVector sum1 = FloatVector.fromArray(V, from, at + LANES);
        FloatVector sum2 = FloatVector.fromArray(V, from, at + 2 * LANES);
        FloatVector sum3 = FloatVector.fromArray(V, from, at + 3 * LANES);
        FloatVector sum4 = FloatVector.fromArray(V, from, at + 4 * LANES);
        FloatVector sum5 = FloatVector.fromArray(V, from, at + 5 * LANES);
        FloatVector sum6 = FloatVector.fromArray(V, from, at + 6 * LANES);
        FloatVector sum7 = FloatVector.fromArray(V, from, at + 7 * LANES);
        int w = weightsAt;
        for (int i = 0; i < inputs; i++) {
            FloatVector value = FloatVector.broadcast(V, x[xAt + i]);
            sum0 = FloatVector.fromArray(V, weights, w).fma(value, sum0);
            sum1 = FloatVector.fromArray(V, weights, w + LANES).fma(value, sum1);
            sum2 = FloatVector.fromArray(V, weights, w + 2 * LANES).fma(value, sum2);
            sum3 = FloatVector.fromArray(V, weights, w + 3 * LANES).fma(value, sum3);
            sum4 = FloatVector.fromArray(V, weights, w + 4 * LANES).fma(value, sum4);
            sum5 = FloatVector.fromArray(V, weights, w + 5 * LANES).fma(value, sum5);
            sum6 = FloatVector.fromArray(V, weights, w + 6 * LANES).fma(value, sum6);
            sum7 = FloatVector.fromArray(V, weights, w + 7 * LANES).fma(value, sum7);
            w += PANEL;
        }
        if (rectify) {
            FloatVector zero = FloatVector.zero(V);
            sum0 = sum0.lanewise(VectorOperators.MAX, zero);
            sum1 = sum1.lanewise(VectorOperators.MAX, zero);
            sum2 = sum2.lanewise(VectorOperators.MAX, zero);
            sum3 = sum3.lanewise(VectorOperators.MAX, zero);
            sum4 = sum4.lanewise(VectorOperators.MAX, zero);
            sum5 = sum5.lanewise(VectorOperators.MAX, zero);
            sum6 = sum6.lanewise(VectorOperators.MAX, zero);
            sum7 = sum7.lanewise(VectorOperators.MAX, zero);
        }
        sum0.intoArray(to, at);
        sum1.intoArray(to, at + LANES);
        sum2.intoArray(to, at + 2 * LANES);
        sum3.intoArray(to, at + 3 * LANES);
        sum4.intoArray(to, at + 4 * LANES);
        sum5.intoArray(to, at + 5 * LANES);
        sum6.intoArray(to, at + 6 * LANES);
        sum7.intoArray(to, at + 7 * LANES);
    }

    /** Four rows times two vectors are eight sums as well. */
    private static void addToFour(
            float[] weights,
            int weightsAt,
            float[] x,
            int x0,
            int xStride,
            int inputs,
            float[][] sums,
            int row,
            int at) {
        int x1 = x0 + xStride;
        int x2 = x1 + xStride;
        int x3 = x2 + xStride;
        float[] sums0 = sums[row];
        float[] sums1 = sums[row + 1];
        float[] sums2 = sums[row + 2];
        float[] sums3 = sums[row + 3];
        FloatVector left0 = FloatVector.fromArray(V, sums0, at);
        FloatVector right0 = FloatVector.fromArray(V, sums0, at + LANES);
        FloatVector left1 = FloatVector.fromArray(V, sums1, at);
        FloatVector right1 = FloatVector.fromArray(V, sums1, at + LANES);
        FloatVector left2 = FloatVector.fromArray(V, sums2, at);
        FloatVector right2 = FloatVector.fromArray(V, sums2, at + LANES);
        FloatVector left3 = FloatVector.fromArray(V, sums3, at);
        FloatVector right3 = FloatVector.fromArray(V, sums3, at + LANES);
        int w = weightsAt;
        for (int i = 0; i < inputs; i++) {
            FloatVector left = FloatVector.fromArray(V, weights, w);
            FloatVector right = FloatVector.fromArray(V, weights, w + LANES);
            FloatVector value0 = FloatVector.broadcast(V, x[x0 + i]);
            left0 = left.fma(value0, left0);
            right0 = right.fma(value0, right0);
            FloatVector value1 = FloatVector.broadcast(V, x[x1 + i]);
            left1 = left.fma(value1, left1);
            right1 = right.fma(value1, right1);
            FloatVector value2 = FloatVector.broadcast(V, x[x2 + i]);
            left2 = left.fma(value2, left2);
            right2 = right.fma(value2, right2);
            FloatVector value3 = FloatVector.broadcast(V, x[x3 + i]);
            left3 = left.fma(value3, left3);
            right3 = right.fma(value3, right3);
            w += PANEL;
        }
        left0.intoArray(sums0, at);
        right0.intoArray(sums0, at + LANES);
        left1.intoArray(sums1, at);
        right1.intoArray(sums1, at + LANES);
        left2.intoArray(sums2, at);
        right2.intoArray(sums2, at + LANES);
        left3.intoArray(sums3, at);
        right3.intoArray(sums3, at + LANES);
    }

    private static void last(float[] weights, int weightsAt, float[] x, int inputs, float[] bias, float[] y, int at) {
        FloatVector sum0 = FloatVector.fromArray(V, bias, at);
        FloatVector sum1 = FloatVector.zero(V);
        FloatVector sum2 = FloatVector.zero(V);
        FloatVector sum3 = FloatVector.zero(V);
        int i = 0;
        int w = weightsAt;
        for (; i + 4 <= inputs; i += 4) {
            sum0 = FloatVector.fromArray(V, weights, w).fma(FloatVector.broadcast(V, x[i]), sum0);
            sum1 = FloatVector.fromArray(V, weights, w + LANES).fma(FloatVector.broadcast(V, x[i + 1]), sum1);
            sum2 = FloatVector.fromArray(V, weights, w + 2 * LANES).fma(FloatVector.broadcast(V, x[i + 2]), sum2);
            sum3 = FloatVector.fromArray(V, weights, w + 3 * LANES).fma(FloatVector.broadcast(V, x[i + 3]), sum3);
            w += 4 * LANES;
        }
        if (i < inputs) {
            sum0 = FloatVector.fromArray(V, weights, w).fma(FloatVector.broadcast(V, x[i]), sum0);
        }
        if (i + 1 < inputs) {
            sum1 = FloatVector.fromArray(V, weights, w + LANES).fma(FloatVector.broadcast(V, x[i + 1]), sum1);
        }
        if (i + 2 < inputs) {
            sum2 = FloatVector.fromArray(V, weights, w + 2 * LANES).fma(FloatVector.broadcast(V, x[i + 2]), sum2);
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(y, at);
    }
}
