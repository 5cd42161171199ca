package io.pipelinev2.deploy.papertrading.feed;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source of bars for one trader, used by one thread. It never blocks for longer than a few seconds, so that the trading
 * loop always reports in time.
 */
public interface BarFeed extends AutoCloseable {

    /** The names of the assets in the order of the prices; empty if the data do not say. */
    List<String> assetNames();

    /** How many assets. */
    int assets();

    /** How many features in all. */
    int features();

    /** The time between two bars where bars come in real time; empty for a replay, whose bars are never late. */
    Optional<Duration> interval();

    /**
     * The bars that a new account begins with: consecutive, oldest first, all complete. A replay gives its first bars, a
     * feed in real time its newest.
     *
     * @param count how many
     * @return that many, or fewer while the feed has not got them yet
     * @throws FeedException if it cannot give them at all
     * @throws java.io.UncheckedIOException if they cannot be read; a later attempt may succeed
     */
    List<Bar> beginning(int count);

    /**
     * Goes on after a bar that an account was traded on, in this or an earlier process.
     *
     * @param last the bar as it was recorded
     * @throws FeedException if this feed has another bar in its place and cannot be the one that the account was traded on
     * @throws java.io.UncheckedIOException if it cannot be read; a later attempt may succeed
     */
    void resumeAfter(Bar last);

    /** What comes next after the bar that was given last. */
    Next next();

    /** What was noticed since the last call and belongs into the account's record, such as a bar that was revised. */
    List<String> notices();

    @Override
    void close();

    /** What comes next. */
    sealed interface Next {

        /**
         * The next bar.
         *
         * @param age how long ago it was complete, zero in a replay
         */
        record Arrived(Bar bar, Duration age) implements Next {}

        /**
         * Nothing yet.
         *
         * @param askAgain how long to wait before asking again
         * @param trouble why a bar that is due is missing, or what else is wrong with the feed, in words; null if nothing is
         */
        record Waiting(Duration askAgain, @Nullable String trouble) implements Next {}

        /** No further bar is coming as far as is known; asking again later does no harm. */
        record AtEnd() implements Next {}
    }
}
