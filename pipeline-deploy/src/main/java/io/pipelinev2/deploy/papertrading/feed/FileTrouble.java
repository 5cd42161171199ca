package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.core.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is wrong with files that are written at this moment. It is no trouble before it has lasted. */
final class FileTrouble {

    private static final Duration LASTS = Duration.ofSeconds(5);

    private final Clock clock;
    private @Nullable String words;
    private long since;

    FileTrouble(Clock clock) {
        this.clock = clock;
    }

    void none() {
        words = null;
    }

    void is(String what) {
        if (words == null) {
            since = clock.nanoTime();
        }
        words = what;
    }

    /** What is wrong, if it has lasted long enough to be told. */
    Optional<String> words() {
        return clock.nanoTime() - since >= LASTS.toNanos() ? Optional.ofNullable(words) : Optional.empty();
    }
}
