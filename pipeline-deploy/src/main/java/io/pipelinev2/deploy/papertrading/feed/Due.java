package io.pipelinev2.deploy.papertrading.feed;

import java.time.Duration;
import java.time.Instant;

/** When bars of a feed in real time are due. A bar's time is its beginning; it is complete when the next one begins. */
record Due(Duration interval) {

    /** How long after its end a bar is late. */
    static final Duration GRACE = Duration.ofSeconds(60);

    private static final Duration MOST_SETTLING = Duration.ofSeconds(5);
    private static final Duration LEAST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofSeconds(1);

    /**
     * How long after its end a bar of an endpoint counts as complete: what was traded in its last moments has to get there
     * first, and a bar that is taken too early would be another one later.
     */
    Duration settling() {
        Duration share = interval.dividedBy(30);
        return share.compareTo(MOST_SETTLING) < 0 ? share : MOST_SETTLING;
    }

    Instant complete(long time) {
        return Instant.ofEpochMilli(time).plus(interval);
    }

    /** When the bar after this one is complete. */
    Instant next(long time) {
        return complete(time).plus(interval);
    }

    boolean isLate(long last, Instant now) {
        return now.isAfter(next(last).plus(GRACE));
    }

    /** How long ago a bar was complete. */
    Duration age(long time, Instant now) {
        Duration age = Duration.between(complete(time), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** How often it is worth to look. */
    Duration look() {
        Duration tenth = interval.dividedBy(10);
        return tenth.compareTo(LEAST) < 0 ? LEAST : tenth.compareTo(MOST) > 0 ? MOST : tenth;
    }
}
