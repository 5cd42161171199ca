package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.deploy.papertrading.TraderFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starting again does not mend a market that stands still. But where the bars of one deployment stand still while another
 * one of the same feed sees newer ones, its process has lost its connection for good: then it is started again, once within an hour. That it
 * was stands in the words with which its run ended.
 */
final class Refreshing {

    static final String REASON = "refreshed: its market data stand still while another deployment sees newer bars";

    private static final Duration AT_MOST_EVERY = Duration.ofHours(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final Facilities facilities;
    private final HealthCheck healthCheck;
    private final Map<Long, Long> looks = new HashMap<>();

    Refreshing(Facilities facilities, HealthCheck healthCheck) {
        this.facilities = facilities;
        this.healthCheck = healthCheck;
    }

    /** Whether a deployment whose market data are stale should be started again now. */
    boolean isDue(Deployment deployment) {
        long nanos = facilities.clock().nanoTime();
        Long last = looks.get(deployment.id());
        if (last != null && nanos - last < LOOK_EVERY.toNanos()) {
            return false;
        }
        Set<Long> others = healthCheck.thatSeeNewerBarsThan(deployment.id());
        if (others.isEmpty()) {
            return false;
        }
        looks.put(deployment.id(), nanos);
        if (others.stream().noneMatch(other -> haveOneFeed(deployment.id(), other))) {
            return false;
        }
        Instant from = facilities.now().minus(AT_MOST_EVERY);
        return facilities.register().runs(deployment.id()).stream().noneMatch(run -> wasRefreshed(run, from));
    }

    /** Whether both were started with the same feed, which may have been configured anew between their starts. */
    private boolean haveOneFeed(long one, long other) {
        try {
            TraderFile first = TraderFile.read(facilities.files().stateDirectory(one));
            TraderFile second = TraderFile.read(facilities.files().stateDirectory(other));
            return first.feed().equals(second.feed()) && Objects.equals(first.data(), second.data());
        } catch (IOException | PipelineException unreadable) {
            return false;
        }
    }

    static boolean isMeant(@Nullable String reason) {
        return reason != null && reason.startsWith(REASON);
    }

    private static boolean wasRefreshed(ProcessRun run, Instant from) {
        return isMeant(run.end()) && run.endedAt() != null && run.endedAt().isAfter(from);
    }
}
