package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the stored alerts what the state says they should be, and puts into the post what has to be said of them, both in one
 * transaction. What was said, and when something is to be said again, stands in the rows.
 */
final class AlertBook {

    /** What guards the rows of alerts, on databases with several writers. */
    static final String LOCK = "alerts";

    static final Duration FIRST_REMINDER = Duration.ofHours(1);
    static final Duration LAST_REMINDER = Duration.ofHours(24);

    /** How long a condition must be gone for its alert to be over. */
    static final Duration SETTLED = Duration.ofMinutes(2);

    /** A condition that comes back this soon after its alert was over goes on with that alert. */
    static final Duration RELAPSE = Duration.ofHours(1);

    private static final Duration NEW_WORDS = Duration.ofMinutes(10);

    private final PipelineStore store;
    private final BiFunction<StoreReader, Instant, List<Condition>> conditions;
    private final List<OpenChannel> channels;
    private Set<Condition.Key> seenLast = Set.of();

    AlertBook(
            PipelineStore store,
            BiFunction<StoreReader, Instant, List<Condition>> conditions,
            List<OpenChannel> channels) {
        this.store = store;
        this.conditions = conditions;
        this.channels = List.copyOf(channels);
    }

    /** What becomes of an alert: how it stood, null if there was none, how it stands, and what is to be said of it. */
    private record Step(
            @Nullable Alert before,
            Alert after,
            Alert.@Nullable Notice notice,
            @Nullable EventType event) {}

    /**
     * Looks at the state, and writes what has changed by it.
     *
     * @return whether something was put into the post
     */
    boolean look() {
        Instant now = store.now();
        Set<Condition.Key> seen = new HashSet<>();
        Set<Condition.Key> before = seenLast;
        boolean isNews = store.read(tx -> {
            List<Condition> all = conditions.apply(tx, now);
            all.forEach(condition -> seen.add(condition.key()));
            return !steps(tx, all, before, now).isEmpty();
        });
        seenLast = seen;
        return isNews
                && store.writeAfresh(tx -> {
                    tx.lock(LOCK);
                    List<Step> steps = steps(tx, conditions.apply(tx, now), before, now);
                    steps.forEach(step -> write(tx, step, now));
                    return steps.stream().anyMatch(step -> step.notice() != null);
                });
    }

    private static List<Step> steps(StoreReader tx, List<Condition> all, Set<Condition.Key> seenBefore, Instant now) {
        Map<Condition.Key, Condition> present = new LinkedHashMap<>();
        all.forEach(condition -> present.putIfAbsent(condition.key(), condition));
        List<Step> steps = new ArrayList<>();
        for (Alert alert : tx.openAlerts()) {
            Condition condition = present.remove(Condition.Key.of(alert));
            (condition == null ? absent(alert, now) : present(alert, condition, now)).ifPresent(steps::add);
        }
        for (Condition condition : present.values()) {
            if (!condition.passing() || seenBefore.contains(condition.key())) {
                steps.add(begun(tx, condition, now));
            }
        }
        return steps;
    }

    private static Step begun(StoreReader tx, Condition condition, Instant now) {
        Condition.Key key = condition.key();
        Alert last = tx.alert(key.rule(), key.subject()).orElse(null);
        Instant over = last == null ? null : last.resolvedAt();
        if (last != null && over != null && over.plus(RELAPSE).isAfter(now)) {
            return relapsed(last, condition, now);
        }
        Alert opened = Alert.opened(key.rule(), key.subject(), condition.severity(), condition.message(), now);
        if (last != null && last.isSilent(now)) {
            Alert silent = opened.change()
                    .silenced(last.silencedUntil(), last.silencedBy())
                    .done();
            return new Step(null, silent, null, EventType.ALERT_OPENED);
        }
        return new Step(null, told(opened, Alert.Notice.OPENED, now), Alert.Notice.OPENED, EventType.ALERT_OPENED);
    }

    /** Nobody is told at once: who flaps would be told of every time. */
    private static Step relapsed(Alert last, Condition condition, Instant now) {
        Instant noticed = last.noticedAt();
        Instant next = noticed == null ? now : noticed.plus(FIRST_REMINDER);
        Alert again = last.change()
                .seen(condition.severity(), condition.message())
                .resolvedAt(null)
                .acknowledgedBy(null)
                .remindAt(next.isBefore(now) ? now : next)
                .updatedAt(now)
                .done();
        return new Step(last, again, null, EventType.ALERT_OPENED);
    }

    private static Optional<Step> present(Alert alert, Condition condition, Instant now) {
        boolean isWorse = condition.severity().compareTo(alert.severity()) > 0;
        boolean isBack = alert.absentSince() != null;
        boolean isDue = alert.remindAt() != null && !alert.remindAt().isAfter(now);
        boolean isUntold = alert.lastNotice() == null;
        Alert.Notice notice = alert.isSilent(now) || !(isWorse || isDue || isUntold)
                ? null
                : isUntold ? Alert.Notice.OPENED : Alert.Notice.REMINDER;
        boolean hasNewWords = !condition.message().equals(alert.message())
                && !alert.updatedAt().plus(NEW_WORDS).isAfter(now);
        boolean isMilder = condition.severity().compareTo(alert.severity()) < 0;
        if (notice == null && !isBack && !hasNewWords && !isWorse && !isMilder) {
            return Optional.empty();
        }
        Alert.Change change =
                alert.change().seen(condition.severity(), condition.message()).updatedAt(now);
        if (isWorse) {
            // what was acknowledged was something less
            change.acknowledgedBy(null);
            change.remindAt(notice == null ? now : alert.remindAt());
        }
        Alert after = change.done();
        return Optional.of(new Step(alert, notice == null ? after : told(after, notice, now), notice, null));
    }

    private static Optional<Step> absent(Alert alert, Instant now) {
        Instant since = alert.absentSince();
        if (since == null) {
            return Optional.of(new Step(alert, alert.change().absentSince(now).done(), null, null));
        }
        if (since.plus(SETTLED).isAfter(now)) {
            return Optional.empty();
        }
        Alert over =
                alert.change().resolvedAt(now).updatedAt(now).remindAt(null).done();
        boolean wasTold = alert.lastNotice() != null && alert.lastNotice() != Alert.Notice.RESOLVED;
        if (!wasTold || alert.isSilent(now)) {
            return Optional.of(new Step(alert, over, null, EventType.ALERT_RESOLVED));
        }
        Alert told = over.change().noticed(Alert.Notice.RESOLVED, now).done();
        return Optional.of(new Step(alert, told, Alert.Notice.RESOLVED, EventType.ALERT_RESOLVED));
    }

    /** Said now, and again after twice the time that had been waited for this. */
    private static Alert told(Alert alert, Alert.Notice notice, Instant now) {
        Instant last = alert.noticedAt();
        Instant planned = alert.remindAt();
        Duration wait = FIRST_REMINDER;
        if (notice == Alert.Notice.REMINDER && alert.lastNotice() != Alert.Notice.RESOLVED && last != null) {
            Duration waited = planned == null ? FIRST_REMINDER : Duration.between(last, planned);
            wait = waited.compareTo(FIRST_REMINDER) < 0 ? FIRST_REMINDER : waited.multipliedBy(2);
            wait = wait.compareTo(LAST_REMINDER) > 0 ? LAST_REMINDER : wait;
        }
        return alert.change().noticed(notice, now).remindAt(now.plus(wait)).done();
    }

    private void write(StoreWriter tx, Step step, Instant now) {
        Alert alert = step.after();
        if (step.before() == null) {
            alert = tx.insert(alert);
        } else {
            tx.update(alert);
        }
        if (step.event() != null) {
            tx.append(Event.byEngine(now, step.event(), null, null, inWords(alert)));
        }
        if (step.notice() != null) {
            post(tx, alert, step.notice(), now);
        }
    }

    private static String inWords(Alert alert) {
        return "alert %d, %s%s: %s"
                .formatted(
                        alert.id(),
                        alert.rule(),
                        alert.subject().isEmpty() ? "" : " " + alert.subject(),
                        alert.message());
    }

    private void post(StoreWriter tx, Alert alert, Alert.Notice notice, Instant now) {
        Set<String> told = new HashSet<>();
        tx.deliveries(alert.id()).forEach(delivery -> told.add(delivery.channel()));
        for (OpenChannel channel : channels) {
            // that it is over is for those who know of it
            boolean wants = notice == Alert.Notice.RESOLVED ? told.contains(channel.name()) : channel.wants(alert);
            if (wants) {
                tx.put(new Alert.Delivery(alert.id(), channel.name(), notice, now, 0, now, null, null));
            }
        }
    }
}
