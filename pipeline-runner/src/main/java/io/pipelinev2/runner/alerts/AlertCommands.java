package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Duration;
import java.time.Instant;

/** What an operator may do to alerts. It works with the daemon up or down. */
public final class AlertCommands {

    private final PipelineStore store;

    public AlertCommands(PipelineStore store) {
        this.store = store;
    }

    /** There is no such alert. */
    public static final class AlertNotFoundException extends PipelineException {
        private static final long serialVersionUID = 1;

        AlertNotFoundException(long id) {
            super("There is no alert " + id + ". `alerts` lists them.");
        }
    }

    /**
     * Says that somebody has seen an alert: there are no more reminders of it, unless it gets worse. That it is over is told
     * all the same.
     *
     * @return what was done, in words
     * @throws AlertNotFoundException if there is no such alert
     * @throws RefusedException if it is over
     */
    public String acknowledge(long id, Operator by) {
        return store.writeAfresh(tx -> {
            Alert alert = open(tx, id);
            Instant now = store.now();
            tx.update(alert.change()
                    .acknowledgedBy(by.name())
                    .remindAt(null)
                    .updatedAt(now)
                    .done());
            String words = "alert %d, %s: acknowledged; nobody is reminded of it any more unless it gets worse"
                    .formatted(id, name(alert));
            tx.append(Event.byOperator(now, EventType.OPERATOR_ACKNOWLEDGE, null, null, by, words));
            return words;
        });
    }

    /**
     * Says nothing of an alert for a time, not even that it is over; nor of another of the same rule and subject that begins
     * meanwhile.
     *
     * @param time how long; zero ends it
     * @return what was done, in words
     * @throws AlertNotFoundException if there is no such alert
     * @throws RefusedException if it is over
     */
    public String silence(long id, Duration time, Operator by) {
        return store.writeAfresh(tx -> {
            Alert alert = open(tx, id);
            Instant now = store.now();
            Instant until = now.plus(time);
            Alert.Change change = alert.change().updatedAt(now);
            if (time.isZero()) {
                change.silenced(null, null);
            } else {
                change.silenced(until, by.name());
            }
            if (alert.acknowledgedBy() == null) {
                // whoever asked for silence wants to hear of it afterwards
                change.remindAt(until);
            }
            tx.update(change.done());
            String words = time.isZero()
                    ? "alert %d, %s: silent no more".formatted(id, name(alert))
                    : "alert %d, %s: silent until %s".formatted(id, name(alert), until);
            tx.append(Event.byOperator(now, EventType.OPERATOR_SILENCE, null, null, by, words));
            return words;
        });
    }

    private static Alert open(StoreWriter tx, long id) {
        tx.lock(AlertBook.LOCK);
        Alert alert = tx.alert(id).orElseThrow(() -> new AlertNotFoundException(id));
        if (!alert.isOpen()) {
            throw new RefusedException(
                    "Alert %d, %s, is over since %s.".formatted(id, name(alert), alert.resolvedAt()));
        }
        return alert;
    }

    private static String name(Alert alert) {
        return alert.subject().isEmpty() ? alert.rule() : alert.rule() + " " + alert.subject();
    }
}
