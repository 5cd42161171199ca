package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.Clock;
import io.pipelinev2.deploy.papertrading.feed.BarFeed;
import java.time.Duration;
import java.util.Optional;

/**
 * How old the newest bar is. With a feed in real time nothing is bought on a bar that was complete longer ago than two
 * intervals and a minute: its price is not to be had any more. Bars that were missed while a trader was down are all played,
 * under this rule.
 */
final class Freshness {

    private static final Duration ALLOWANCE = Duration.ofSeconds(60);

    private final Optional<Duration> limit;
    private final Clock clock;
    private Duration age = Duration.ZERO;
    private long since;

    Freshness(BarFeed feed, Clock clock) {
        this.limit = feed.interval().map(interval -> interval.multipliedBy(2).plus(ALLOWANCE));
        this.clock = clock;
        this.since = clock.nanoTime();
    }

    /** A bar arrived that was complete so long ago. */
    void arrived(Duration ago) {
        age = ago;
        since = clock.nanoTime();
    }

    /** Whether the newest bar is too old to enter a position. */
    boolean isStale() {
        return limit.filter(longest -> age.plusNanos(clock.nanoTime() - since).compareTo(longest) > 0)
                .isPresent();
    }

    Permission permission() {
        return isStale()
                ? Permission.exitsOnly("the newest bar is more than "
                        + limit.map(Duration::toSeconds).orElse(0L) + " s old")
                : Permission.ALL;
    }
}
