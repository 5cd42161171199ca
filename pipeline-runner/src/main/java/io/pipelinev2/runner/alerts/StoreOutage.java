package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one alert that cannot stand in the database: that the database cannot be used. It is remembered here alone, so a
 * restart tells of it again.
 */
final class StoreOutage {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOutage.class);
    private static final String SUBJECT = "database";
    private static final int TIMES = 2;

    private final Clock clock;
    private final String source;
    private final Consumer<AlertNotice> tell;
    private int failures;
    private @Nullable Instant since;
    private long lastTold;
    private Duration wait = AlertBook.FIRST_REMINDER;

    /** @param tell says it to all channels that want it, without the database */
    StoreOutage(Clock clock, String source, Consumer<AlertNotice> tell) {
        this.clock = clock;
        this.source = source;
        this.tell = tell;
    }

    /** The alert as {@link OpenChannel#wants} looks at it. */
    static Alert alert(Instant at) {
        return Alert.opened(AlertRule.HEALTH.label(), SUBJECT, Alert.Severity.CRITICAL, "", at);
    }

    void failed(Throwable why) {
        failures++;
        if (failures == 1) {
            LOG.warn(RunnerLogCode.ALERTS_NOT_LOOKED_FOR, "Alerts could not be looked for: {}", why.getMessage());
        }
        if (failures < TIMES) {
            return;
        }
        Instant began = since;
        if (began == null) {
            since = clock.now();
            wait = AlertBook.FIRST_REMINDER;
            tell(AlertNotice.Kind.OPENED, since, null, why);
        } else if (clock.nanoTime() - lastTold >= wait.toNanos()) {
            Duration twice = wait.multipliedBy(2);
            wait = twice.compareTo(AlertBook.LAST_REMINDER) > 0 ? AlertBook.LAST_REMINDER : twice;
            tell(AlertNotice.Kind.REMINDER, began, null, why);
        }
    }

    void over() {
        failures = 0;
        Instant began = since;
        if (began != null) {
            since = null;
            tell(AlertNotice.Kind.RESOLVED, began, clock.now(), null);
        }
    }

    private void tell(AlertNotice.Kind notice, Instant began, @Nullable Instant over, @Nullable Throwable why) {
        lastTold = clock.nanoTime();
        String message = why == null
                ? "The database can be used again."
                : "The database cannot be used, so nothing new is begun and nothing is recorded: %s. Traders go on by themselves."
                        .formatted(ChannelLine.words(why));
        tell.accept(new AlertNotice(
                notice,
                0,
                AlertRule.HEALTH.label(),
                SUBJECT,
                AlertNotice.Severity.CRITICAL,
                message,
                began,
                clock.now(),
                over,
                source));
    }
}
