package io.pipelinev2.bench;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What a core of this machine can do at best for a network of three layers, one observation at a time: the multiply-adds of
 * all weights and nothing else. No activation, no environment, no checks. The yardstick for the program's own steps, made in
 * the same run on the same machine.
 */
final class CeilingKernel {

    private static final VectorSpecies<Float> V = FloatVector.SPECIES_256;
    private static final int PANEL = 64;
    private static final int NARROW = 8;

    private final int inputs;
    private final int width;
    private final float[] first;
    private final float[] second;
    private final float[] last;
    private final float[] x;
    private final float[] hidden1;
    private final float[] hidden2;
    private final float[] y = new float[NARROW];

    /** @param width a multiple of 64 */
    CeilingKernel(int inputs, int width, long seed) {
        this.inputs = inputs;
        this.width = width;
        Random random = new Random(seed);
        this.first = values(random, inputs * width);
        this.second = values(random, width * width);
        this.last = values(random, width * NARROW);
        this.x = values(random, inputs);
        this.hidden1 = new float[width];
        this.hidden2 = new float[width];
    }

    /** All multiply-adds of one step; the result is returned so that they are not left out. */
    float step() {
        layer(first, inputs, x, hidden1);
        layer(second, width, hidden1, hidden2);
        narrow(last, width, hidden2, y);
        return y[0];
    }

    private static void layer(float[] weights, int inputs, float[] x, float[] y) {
        for (int panel = 0; panel < y.length; panel += PANEL) {
            panel(weights, panel * inputs, inputs, x, y, panel);
        }
    }

    private static void panel(float[] weights, int at, int inputs, float[] x, float[] y, int yAt) {
        FloatVector sum0 = FloatVector.zero(V);
        FloatVector sum1 = FloatVector.zero(V);
        FloatVector sum2 = FloatVector.zero(V);
        FloatVector sum3 = FloatVector.zero(V);
        FloatVector sum4 = FloatVector.zero(V);
        FloatVector sum5 = FloatVector.zero(V);
        FloatVector sum6 = FloatVector.zero(V);
        FloatVector sum7 = FloatVector.zero(V);
        int w = at;
        for (int i = 0; i < inputs; i++) {
            FloatVector value = FloatVector.broadcast(V, x[i]);
            sum0 = FloatVector.fromArray(V, weights, w).fma(value, sum0);
            sum1 = FloatVector.fromArray(V, weights, w + 8).fma(value, sum1);
            sum2 = FloatVector.fromArray(V, weights, w + 16).fma(value, sum2);
            sum3 = FloatVector.fromArray(V, weights, w + 24).fma(value, sum3);
            sum4 = FloatVector.fromArray(V, weights, w + 32).fma(value, sum4);
            sum5 = FloatVector.fromArray(V, weights, w + 40).fma(value, sum5);
            sum6 = FloatVector.fromArray(V, weights, w + 48).fma(value, sum6);
            sum7 = FloatVector.fromArray(V, weights, w + 56).fma(value, sum7);
            w += PANEL;
        }
        sum0.intoArray(y, yAt);
        sum1.intoArray(y, yAt + 8);
        sum2.intoArray(y, yAt + 16);
        sum3.intoArray(y, yAt + 24);
        sum4.intoArray(y, yAt + 32);
        sum5.intoArray(y, yAt + 40);
        sum6.intoArray(y, yAt + 48);
        sum7.intoArray(y, yAt + 56);
    }

    private static void narrow(float[] weights, int inputs, float[] x, float[] y) {
        FloatVector sum0 = FloatVector.zero(V);
        FloatVector sum1 = FloatVector.zero(V);
        FloatVector sum2 = FloatVector.zero(V);
        FloatVector sum3 = FloatVector.zero(V);
        for (int i = 0; i < inputs; i += 4) {
            int w = i * NARROW;
            sum0 = FloatVector.fromArray(V, weights, w).fma(FloatVector.broadcast(V, x[i]), sum0);
            sum1 = FloatVector.fromArray(V, weights, w + 8).fma(FloatVector.broadcast(V, x[i + 1]), sum1);
            sum2 = FloatVector.fromArray(V, weights, w + 16).fma(FloatVector.broadcast(V, x[i + 2]), sum2);
            sum3 = FloatVector.fromArray(V, weights, w + 24).fma(FloatVector.broadcast(V, x[i + 3]), sum3);
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(y, 0);
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (random.nextFloat() - 0.5f) / 16;
        }
        return values;
    }
}
