package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the heartbeat: at once when something changes that somebody waits for, else as seldom as will do. */
final class Pulse {

    /** While bars come fast. */
    private static final Duration FASTEST = Duration.ofSeconds(1);

    private final Path directory;
    private final TraderFile trader;
    private final Clock clock;
    private long loop;
    private long writtenAt;
    private int step = -1;
    private @Nullable Phase phase;
    private @Nullable Permission permission;
    private @Nullable String trouble;

    Pulse(Path directory, TraderFile trader, Clock clock) {
        this.directory = directory;
        this.trader = trader;
        this.clock = clock;
    }

    /** What there is to tell. */
    record Report(
            Phase phase,
            Account account,
            Permission permission,
            @Nullable String trouble,
            boolean stale) {}

    /** Writes it now. */
    void now(Report report) throws IOException {
        write(
                report.phase(),
                report.account().step(),
                report.account().equity(),
                report.account().cash(),
                report.account(),
                report.permission(),
                report.trouble(),
                report.stale());
    }

    /**
     * Writes it if it is due.
     *
     * @return how long until it is due next
     */
    Duration whenDue(Report report) throws IOException {
        loop++;
        Duration due = untilDue(report);
        if (due.compareTo(Duration.ZERO) <= 0) {
            now(report);
            due = untilDue(report);
        }
        return due;
    }

    private Duration untilDue(Report report) {
        boolean news = phase != report.phase()
                || !report.permission().equals(permission)
                || !Objects.equals(trouble, report.trouble());
        if (news) {
            return Duration.ZERO;
        }
        Duration every = report.account().step() == step ? Heartbeat.INTERVAL : FASTEST;
        return every.minusNanos(clock.nanoTime() - writtenAt);
    }

    /** Tells that there is no account yet, because its first bars are waited for. */
    void beforeTheFirstBar(double capital, @Nullable String why) throws IOException {
        write(Phase.TRADING, 0, capital, capital, null, Permission.ALL, why, false);
    }

    private void write(
            Phase nowPhase,
            int nowStep,
            double equity,
            double cash,
            @Nullable Account account,
            Permission nowPermission,
            @Nullable String nowTrouble,
            boolean stale)
            throws IOException {
        loop++;
        new Heartbeat(
                        trader.deployment(),
                        trader.nonce(),
                        clock.now(),
                        nowPhase,
                        nowStep,
                        loop,
                        equity,
                        cash,
                        account == null ? null : account.last().time(),
                        nowPermission.state(),
                        nowPermission.reason(),
                        nowTrouble,
                        stale)
                .writeTo(directory);
        phase = nowPhase;
        step = nowStep;
        permission = nowPermission;
        trouble = nowTrouble;
        writtenAt = clock.nanoTime();
    }
}
