package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a claim has been abandoned. A lease ends by the wall clock, and a wall clock may be set: so nobody's work is
 * taken away who was seen to renew a moment ago, however late it is all of a sudden, and a lease that nobody has renewed for
 * long enough is over, however early it is.
 */
final class LeaseWatch {

    /** What was seen of a claim, and since when by the monotonic clock. */
    private record Seen(long token, long since, Instant until, long unrenewedSince) {}

    /** Why a claim counts as abandoned. */
    enum Verdict {
        HELD,
        /** Its runner is dead, or has shown no sign for as long as its lease. */
        ABANDONED,
        /** Its runner lives, and should have given it up long ago. */
        OVERDUE
    }

    private final RunnerLiveness liveness;
    private final long leaseNanos;
    private Map<Long, Seen> seen = new HashMap<>();

    LeaseWatch(RunnerLiveness liveness, Duration lease) {
        this.liveness = liveness;
        this.leaseNanos = lease.toNanos();
    }

    /** What is to be thought of each of these running stages. */
    synchronized Map<StageRun, Verdict> judge(Collection<StageRun> running, Instant now, long nanos) {
        Map<Long, Seen> seenNow = new HashMap<>();
        Map<StageRun, Verdict> verdicts = new HashMap<>();
        for (StageRun stage : running) {
            Lease lease = stage.lease();
            if (lease == null) {
                verdicts.put(stage, Verdict.ABANDONED);
                continue;
            }
            Seen sight = look(seen.get(stage.id()), stage.token(), lease.until(), nanos);
            seenNow.put(stage.id(), sight);
            verdicts.put(stage, judge(stage, lease, sight, now, nanos));
        }
        seen = seenNow;
        return verdicts;
    }

    private static Seen look(@Nullable Seen before, long token, Instant until, long nanos) {
        if (before == null || before.token() != token) {
            return new Seen(token, nanos, until, nanos);
        }
        return Objects.equals(before.until(), until) ? before : new Seen(token, before.since(), until, nanos);
    }

    private Verdict judge(StageRun stage, Lease lease, Seen sight, Instant now, long nanos) {
        long unrenewed = nanos - sight.unrenewedSince();
        boolean over = !lease.until().isAfter(now);
        // a sign is due after a third of the lease
        if (over && unrenewed >= leaseNanos / 2 || unrenewed >= 2 * leaseNanos || liveness.isDead(lease)) {
            return Verdict.ABANDONED;
        }
        Instant deadline = stage.deadlineAt();
        boolean late = deadline != null && deadline.plusNanos(leaseNanos).isBefore(now);
        return late && nanos - sight.since() >= leaseNanos ? Verdict.OVERDUE : Verdict.HELD;
    }
}
