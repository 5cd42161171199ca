package io.pipelinev2.backtest.market;

/**
 * How the numbers of an {@code .npy} file lie in it.
 *
 * @param descr NumPy's name of their type
 * @param fortranOrder whether they lie column by column
 * @param rows length of the first dimension
 * @param columns length of the second, 1 if there is none
 * @param dimensions 1 or 2
 * @param width bytes of a number
 * @param begin byte at which the first one lies
 */
record NpyLayout(String descr, boolean fortranOrder, int rows, int columns, int dimensions, int width, long begin) {

    /** As NumPy writes it. */
    String shape() {
        return dimensions == 1 ? "(" + rows + ",)" : "(" + rows + ", " + columns + ")";
    }
}
