package io.pipelinev2.backtest.policy;

/** Decides the next action from an observation. Implementations may keep buffers: one instance, one thread. */
@FunctionalInterface
public interface Policy extends AutoCloseable {

    /**
     * @param state the observation; only read
     * @param action receives one value per asset, usually from -1 (sell) to 1 (buy)
     */
    void act(float[] state, float[] action);

    /** Gives back what it holds outside of the heap; most hold nothing. Closing twice does no harm. */
    @Override
    default void close() {}
}
