package io.pipelinev2.backtest.policy;

/** Plain loops, which the JIT compiler turns into vector instructions as far as it can. Needs no JVM flag. */
final class PlainKernel implements Kernel {

    @Override
    public int hiddenWidth(int outputs) {
        // Long loops over the outputs are what the compiler vectorises well.
        return outputs;
    }

    @Override
    public int lastWidth() {
        return 1;
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
        if (from != to || fromAt != toAt) {
            System.arraycopy(from, fromAt, to, toAt, width);
        }
        int i = 0;
        // Eight inputs per pass over the outputs: an eighth of the loads and stores of the sums.
        for (; i + 8 <= inputs; i += 8) {
            addEight(weights, weightsAt + i * width, width, x, xAt + i, to, toAt);
        }
        for (; i < inputs; i++) {
            addOne(weights, weightsAt + i * width, width, x[xAt + i], to, toAt);
        }
        if (rectify) {
            for (int o = toAt; o < toAt + width; o++) {
                to[o] = Math.max(to[o], 0);
            }
        }
    }

    private static void addEight(float[] w, int w0, int width, float[] x, int xAt, float[] y, int yAt) {
        float x0 = x[xAt];
        float x1 = x[xAt + 1];
        float x2 = x[xAt + 2];
        float x3 = x[xAt + 3];
        float x4 = x[xAt + 4];
        float x5 = x[xAt + 5];
        float x6 = x[xAt + 6];
        float x7 = x[xAt + 7];
        int w1 = w0 + width;
        int w2 = w1 + width;
        int w3 = w2 + width;
        int w4 = w3 + width;
        int w5 = w4 + width;
        int w6 = w5 + width;
        int w7 = w6 + width;
        for (int o = 0; o < width; o++) {
            float sum = Math.fma(w[w0 + o], x0, y[yAt + o]);
            sum = Math.fma(w[w1 + o], x1, sum);
            sum = Math.fma(w[w2 + o], x2, sum);
            sum = Math.fma(w[w3 + o], x3, sum);
            sum = Math.fma(w[w4 + o], x4, sum);
            sum = Math.fma(w[w5 + o], x5, sum);
            sum = Math.fma(w[w6 + o], x6, sum);
            y[yAt + o] = Math.fma(w[w7 + o], x7, sum);
        }
    }

    private static void addOne(float[] w, int wAt, int width, float x, float[] y, int yAt) {
        for (int o = 0; o < width; o++) {
            y[yAt + o] = Math.fma(w[wAt + o], x, y[yAt + o]);
        }
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
        for (int row = 0; row < 4; row++) {
            int at = sumsAt + row * sumsStride;
            add(weights, weightsAt, width, x, xAt + row * xStride, inputs, sums, at, sums, at, false);
        }
    }

    @Override
    public void last(
            float[] weights, int weightsAt, float[] x, int inputs, float[] bias, int biasAt, float[] y, int yAt) {
        float sum0 = bias[biasAt];
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i + 4 <= inputs; i += 4) {
            int w = weightsAt + i;
            sum0 = Math.fma(weights[w], x[i], sum0);
            sum1 = Math.fma(weights[w + 1], x[i + 1], sum1);
            sum2 = Math.fma(weights[w + 2], x[i + 2], sum2);
            sum3 = Math.fma(weights[w + 3], x[i + 3], sum3);
        }
        if (i < inputs) {
            sum0 = Math.fma(weights[weightsAt + i], x[i], sum0);
        }
        if (i + 1 < inputs) {
            sum1 = Math.fma(weights[weightsAt + i + 1], x[i + 1], sum1);
        }
        if (i + 2 < inputs) {
            sum2 = Math.fma(weights[weightsAt + i + 2], x[i + 2], sum2);
        }
        y[yAt] = (sum0 + sum1) + (sum2 + sum3);
    }
}
