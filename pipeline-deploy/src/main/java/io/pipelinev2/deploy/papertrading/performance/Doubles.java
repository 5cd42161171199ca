package io.pipelinev2.deploy.papertrading.performance;

import java.util.Arrays;

/** Numbers that become more. */
final class Doubles {

    private double[] values = new double[64];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    double get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    double sumTo(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum;
    }

    double[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
