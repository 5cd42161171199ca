package io.pipelinev2.deploy.papertrading.feed;

/**
 * A bar of one asset as an endpoint sent it.
 *
 * @param asset its place among the assets
 * @param time epoch milliseconds of its beginning
 * @param open the first price
 * @param high the highest price
 * @param low the lowest price
 * @param close the last price
 * @param volume units traded
 */
record ReceivedBar(int asset, long time, double open, double high, double low, double close, double volume) {

    static ReceivedBar of(int asset, long time, double[] values) {
        return new ReceivedBar(asset, time, values[0], values[1], values[2], values[3], values[4]);
    }

    double[] values() {
        return new double[] {open, high, low, close, volume};
    }
}
