package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.ActorCheckpoint.Linear;

/**
 * Plain loops over the outputs, which the JIT compiler turns into vector instructions. Needs no JVM flag.
 *
 * <p>Compilers do so only for loops that they can prove harmless: JDK 17's wants every array indexed by the loop variable
 * alone. Hence one array of weights per input, which is several times as fast as one array for all.
 */
final class PlainKernel implements Kernel {

    @Override
    public Kernel.Hidden hidden(Linear linear, int firstInput) {
        int inputs = linear.inputs();
        float[][] weights = new float[inputs][linear.outputs()];
        for (int i = 0; i < inputs; i++) {
            int from = (firstInput + i) % inputs;
            for (int output = 0; output < linear.outputs(); output++) {
                weights[i][output] = linear.weight(output, from);
            }
        }
        return new Hidden(weights, linear.biases());
    }

    @Override
    public Kernel.Last last(Linear linear) {
        float[][] weights = new float[linear.outputs()][linear.inputs()];
        for (int output = 0; output < linear.outputs(); output++) {
            for (int i = 0; i < linear.inputs(); i++) {
                weights[output][i] = linear.weight(output, i);
            }
        }
        return new Last(weights, linear.biases());
    }

    private record Hidden(float[][] weights, float[] bias) implements Kernel.Hidden {

        @Override
        public int length() {
            return bias.length;
        }

        @Override
        public void add(int firstInput, int inputs, float[] x, int xAt, int xStride, float[][] sums, int rows) {
            for (int row = 0; row < rows; row++) {
                add(firstInput, inputs, x, xAt + row * xStride, sums[row]);
            }
        }

        @Override
        public void rectified(float[] sums, int firstInput, float[] x, float[] y) {
            System.arraycopy(sums, 0, y, 0, y.length);
            add(firstInput, weights.length - firstInput, x, 0, y);
            for (int o = 0; o < y.length; o++) {
                y[o] = Math.max(y[o], 0);
            }
        }

        private void add(int firstInput, int inputs, float[] x, int xAt, float[] sums) {
            int i = 0;
            // Two at once halve the loads and stores of the sums; with more, the compiler unrolls the loop too little.
            for (; i + 2 <= inputs; i += 2) {
                addTwo(weights[firstInput + i], x[xAt + i], weights[firstInput + i + 1], x[xAt + i + 1], sums);
            }
            if (i < inputs) {
                addOne(weights[firstInput + i], x[xAt + i], sums);
            }
        }

        private static void addTwo(float[] weights0, float x0, float[] weights1, float x1, float[] sums) {
            for (int o = 0; o < sums.length; o++) {
                sums[o] = Math.fma(weights1[o], x1, Math.fma(weights0[o], x0, sums[o]));
            }
        }

        private static void addOne(float[] weights, float x, float[] sums) {
            for (int o = 0; o < sums.length; o++) {
                sums[o] = Math.fma(weights[o], x, sums[o]);
            }
        }
    }

    private record Last(float[][] weights, float[] bias) implements Kernel.Last {

        @Override
        public int length() {
            return bias.length;
        }

        @Override
        public void apply(float[] x, float[] y) {
            for (int output = 0; output < bias.length; output++) {
                y[output] = sum(weights[output], x, bias[output]);
            }
        }

        private static float sum(float[] weights, float[] x, float bias) {
            float sum0 = bias;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            int i = 0;
            for (; i + 4 <= weights.length; i += 4) {
                sum0 = Math.fma(weights[i], x[i], sum0);
                sum1 = Math.fma(weights[i + 1], x[i + 1], sum1);
                sum2 = Math.fma(weights[i + 2], x[i + 2], sum2);
                sum3 = Math.fma(weights[i + 3], x[i + 3], sum3);
            }
            if (i < weights.length) {
                sum0 = Math.fma(weights[i], x[i], sum0);
            }
            if (i + 1 < weights.length) {
                sum1 = Math.fma(weights[i + 1], x[i + 1], sum1);
            }
            if (i + 2 < weights.length) {
                sum2 = Math.fma(weights[i + 2], x[i + 2], sum2);
            }
            return (sum0 + sum1) + (sum2 + sum3);
        }
    }
}
