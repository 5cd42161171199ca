package io.pipelinev2.backtest.policy;

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
    public int hiddenWidth(int outputs) {
        return PANEL;
    }

    @Override
    public int lastWidth() {
        return LANES;
    }

    @Override
    public void add(
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
            boolean rectify) {
        FloatVector sum0 = FloatVector.fromArray(V, from, fromAt);
        FloatVector sum1 = FloatVector.fromArray(V, from, fromAt + LANES);
        FloatVector sum2 = FloatVector.fromArray(V, from, fromAt + 2 * LANES);
        FloatVector sum3 = FloatVector.fromArray(V, from, fromAt + 3 * LANES);
        FloatVector sum4 = FloatVector.fromArray(V, from, fromAt + 4 * LANES);
        FloatVector sum5 = FloatVector.fromArray(V, from, fromAt + 5 * LANES);
        FloatVector sum6 = FloatVector.fromArray(V, from, fromAt + 6 * LANES);
        FloatVector sum7 = FloatVector.fromArray(V, from, fromAt + 7 * LANES);
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
        sum0.intoArray(to, toAt);
        sum1.intoArray(to, toAt + LANES);
        sum2.intoArray(to, toAt + 2 * LANES);
        sum3.intoArray(to, toAt + 3 * LANES);
        sum4.intoArray(to, toAt + 4 * LANES);
        sum5.intoArray(to, toAt + 5 * LANES);
        sum6.intoArray(to, toAt + 6 * LANES);
        sum7.intoArray(to, toAt + 7 * LANES);
    }

    @Override
    public void addFour(
            float[] weights,
            int weightsAt,
            int width,
            float[] x,
            int xAt,
            int xStride,
            int inputs,
            float[] sums,
            int sumsAt,
            int sumsStride) {
        for (int pair = 0; pair < PANEL; pair += 2 * LANES) {
            addFourToPair(weights, weightsAt + pair, x, xAt, xStride, inputs, sums, sumsAt + pair, sumsStride);
        }
    }

    /** Four rows times two vectors are eight sums as well. */
    private static void addFourToPair(
            float[] weights,
            int weightsAt,
            float[] x,
            int x0,
            int xStride,
            int inputs,
            float[] sums,
            int at0,
            int sumsStride) {
        int x1 = x0 + xStride;
        int x2 = x1 + xStride;
        int x3 = x2 + xStride;
        int at1 = at0 + sumsStride;
        int at2 = at1 + sumsStride;
        int at3 = at2 + sumsStride;
        FloatVector left0 = FloatVector.fromArray(V, sums, at0);
        FloatVector right0 = FloatVector.fromArray(V, sums, at0 + LANES);
        FloatVector left1 = FloatVector.fromArray(V, sums, at1);
        FloatVector right1 = FloatVector.fromArray(V, sums, at1 + LANES);
        FloatVector left2 = FloatVector.fromArray(V, sums, at2);
        FloatVector right2 = FloatVector.fromArray(V, sums, at2 + LANES);
        FloatVector left3 = FloatVector.fromArray(V, sums, at3);
        FloatVector right3 = FloatVector.fromArray(V, sums, at3 + LANES);
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
        left0.intoArray(sums, at0);
        right0.intoArray(sums, at0 + LANES);
        left1.intoArray(sums, at1);
        right1.intoArray(sums, at1 + LANES);
        left2.intoArray(sums, at2);
        right2.intoArray(sums, at2 + LANES);
        left3.intoArray(sums, at3);
        right3.intoArray(sums, at3 + LANES);
    }

    @Override
    public void last(
            float[] weights, int weightsAt, float[] x, int inputs, float[] bias, int biasAt, float[] y, int yAt) {
        FloatVector sum0 = FloatVector.fromArray(V, bias, biasAt);
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
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(y, yAt);
    }
}
