package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the clock goes right, as far as that can be told without asking another machine. */
public final class ClockCheck implements Check {

    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final Machine machine;
    private final Clock clock;
    private final @Nullable Instant newest;

    /** @param newest the latest time that the database holds, if it holds any */
    public ClockCheck(Machine machine, @Nullable Instant newest) {
        this(machine, Clock.system(), newest);
    }

    ClockCheck(Machine machine, Clock clock, @Nullable Instant newest) {
        this.machine = machine;
        this.clock = clock;
        this.newest = newest;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Instant now = clock.now();
        if (newest != null && newest.isAfter(now.plus(TOLERANCE))) {
            findings.add(
                    Finding.warn(
                            "it is %s, but the database holds events of %s: the clock was put back, or those were written by a machine whose clock is ahead"
                                    .formatted(
                                            now.truncatedTo(ChronoUnit.SECONDS),
                                            newest.truncatedTo(ChronoUnit.SECONDS)),
                            "set the clock by the network (timedatectl set-ntp true); due times and the age of bars depend on it"));
        }
        String synchronised =
                machine.say("timedatectl", "show", "-p", "NTPSynchronized").orElse("");
        if (synchronised.strip().equals("NTPSynchronized=no")) {
            findings.add(Finding.warn(
                    "the clock is not set by the network, and drifts", "timedatectl set-ntp true, or install chrony"));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(now.truncatedTo(ChronoUnit.SECONDS) + ", later than all that is recorded"))
                : findings;
    }
}
