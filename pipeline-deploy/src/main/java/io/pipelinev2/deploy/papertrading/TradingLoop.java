package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.feed.BarFeed;
import io.pipelinev2.deploy.papertrading.feed.BarFeed.Next;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trades each bar as it comes, as far as it may, until it is asked to end. */
final class TradingLoop {

    private final Path directory;
    private final BarFeed feed;
    private final Account account;
    private final KillSwitch killSwitch;
    private final Freshness freshness;
    private final Pulse pulse;
    private final StopSignal stop;
    private Permission permission;
    private Permission asked;
    private Permission askedBefore;
    private @Nullable String feedTrouble;
    private @Nullable String controlTrouble;

    /**
     * @param told which orders could be given when it was last written down
     * @param asked which of them an operator had asked for then
     */
    TradingLoop(
            Path directory,
            BarFeed feed,
            Account account,
            KillSwitch killSwitch,
            Permission told,
            Permission asked,
            Pulse pulse,
            StopSignal stop,
            Clock clock) {
        this.directory = directory;
        this.feed = feed;
        this.account = account;
        this.killSwitch = killSwitch;
        this.freshness = new Freshness(feed, clock);
        this.permission = told;
        this.asked = asked;
        this.askedBefore = asked;
        this.pulse = pulse;
        this.stop = stop;
    }

    void run() throws IOException {
        while (!stop.isRequested()) {
            Next next = feed.next();
            List<String> notices = feed.notices();
            if (!notices.isEmpty()) {
                account.notice(notices);
            }
            if (next instanceof Next.Arrived arrived) {
                feedTrouble = null;
                trade(arrived.bar(), arrived.age());
            } else if (next instanceof Next.Waiting waiting) {
                feedTrouble = waiting.trouble();
                waitFor(Phase.TRADING, waiting.askAgain());
            } else {
                feedTrouble = null;
                waitFor(Phase.IDLE, Heartbeat.INTERVAL);
            }
        }
        account.end("asked to end");
        pulse.now(report(Phase.STOPPING));
    }

    private void trade(Bar bar, Duration age) throws IOException {
        freshness.arrived(age);
        account.risk().enter(account.day(bar), account.equity());
        assess();
        boolean liquidate = account.risk().flattenDue() && permission.state() != TradingState.HALTED;
        account.trade(bar, permission, freshness.isStale(), liquidate);
        pulse.whenDue(report(Phase.TRADING));
    }

    private void waitFor(Phase phase, Duration atMost) throws IOException {
        assess();
        Duration untilPulse = pulse.whenDue(report(phase));
        stop.await(atMost.compareTo(untilPulse) < 0 ? atMost : untilPulse);
    }

    /** Works out which orders may be given now: the strictest of all who have a say. */
    private void assess() throws IOException {
        Permission now = killSwitch
                .permission()
                .and(wanted())
                .and(account.risk().permission())
                .and(freshness.permission());
        if (!now.equals(permission) || !asked.equals(askedBefore)) {
            permission = now;
            askedBefore = asked;
            account.tell(now, asked);
        }
    }

    private Permission wanted() {
        try {
            Optional<Control> control = Control.find(directory);
            controlTrouble = null;
            // A file that is gone asks for nothing: what an operator forbade stays forbidden until one allows it.
            if (control.isPresent()) {
                account.risk().heed(control.get(), account.equity());
                asked = Permission.of(
                        control.get().orders(),
                        control.get().reason().isBlank()
                                ? "an operator wants it"
                                : control.get().reason());
            }
            return asked;
        } catch (PipelineException e) {
            controlTrouble = e.getMessage();
            return Permission.nothing("nobody knows what the operator wants");
        }
    }

    private Pulse.Report report(Phase phase) {
        String trouble = account.disagreement();
        if (trouble == null) {
            trouble = controlTrouble != null ? controlTrouble : feedTrouble;
        }
        return new Pulse.Report(phase, account, permission, trouble, freshness.isStale());
    }
}
