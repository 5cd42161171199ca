package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is in the post to one channel, one notice after the other. A channel that hangs is left alone with the one
 * thread that it has; a channel that fails is tried again later. Neither keeps anybody else waiting.
 */
final class ChannelLine {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelLine.class);

    static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    /** Some hours: by then there will be a reminder, or there is nobody. */
    static final int MOST_ATTEMPTS = 20;

    private static final int AT_A_TIME = 500;
    private static final int LONGEST_ERROR = 300;

    private final OpenChannel channel;
    private final PipelineStore store;
    private final Clock clock;
    private final ThreadFactory threads;
    private final String source;
    private @Nullable Thread calling;
    private @Nullable AlertNotice urgent;
    private int urgentAttempts;
    private long urgentDue;

    /** @param source what is said of where the alerts come from */
    ChannelLine(OpenChannel channel, PipelineStore store, Clock clock, ThreadFactory threads, String source) {
        this.channel = channel;
        this.store = store;
        this.clock = clock;
        this.threads = threads;
        this.source = source;
    }

    String name() {
        return channel.name();
    }

    /** Says what cannot be stored, in place of what was to be said so before. */
    synchronized void tell(AlertNotice notice) {
        urgent = notice;
        urgentAttempts = 0;
        urgentDue = clock.nanoTime();
    }

    /** What is to be told is told now as far as it is due. Called by one thread at a time. */
    void deliverDue() {
        deliverUrgent();
        Instant now = store.now();
        List<Alert.Delivery> due = new ArrayList<>(store.read(tx -> tx.undelivered(channel.name(), AT_A_TIME)));
        due.removeIf(delivery -> delivery.dueAt() == null || delivery.dueAt().isAfter(now));
        for (Alert.Notice kind : Alert.Notice.values()) {
            List<Alert.Delivery> alike =
                    due.stream().filter(each -> each.notice() == kind).toList();
            if (alike.size() > Digest.MORE_THAN && channel.digests() && mayGoOn()) {
                due.removeAll(alike);
                deliverTogether(alike, kind);
            }
        }
        for (Alert.Delivery delivery : due) {
            if (!mayGoOn()) {
                return;
            }
            deliver(delivery);
        }
    }

    private boolean mayGoOn() {
        return !isHanging() && !Thread.currentThread().isInterrupted();
    }

    private void deliverTogether(List<Alert.Delivery> deliveries, Alert.Notice kind) {
        List<Alert> alerts = store.read(tx -> deliveries.stream()
                .flatMap(delivery -> tx.alert(delivery.alertId()).stream())
                .toList());
        if (!alerts.isEmpty()) {
            String error = attempt(Digest.of(alerts, kind, store.now(), source));
            settle(deliveries, error);
        }
    }

    private void deliverUrgent() {
        AlertNotice notice;
        synchronized (this) {
            notice = urgentDue - clock.nanoTime() > 0 ? null : urgent;
        }
        if (notice == null || isHanging()) {
            return;
        }
        String error = attempt(notice);
        synchronized (this) {
            urgentAttempts++;
            if (urgent == notice && (error == null || urgentAttempts >= MOST_ATTEMPTS)) {
                urgent = null;
            }
            urgentDue = clock.nanoTime() + waitAfter(urgentAttempts).toNanos();
        }
        if (error != null) {
            LOG.warn(RunnerLogCode.ALERT_CHANNEL_FAILED, "The alert channel {} failed: {}", channel.name(), error);
        }
    }

    private boolean isHanging() {
        Thread last = calling;
        return last != null && last.isAlive();
    }

    private void deliver(Alert.Delivery delivery) {
        Optional<Alert> alert = store.read(tx -> tx.alert(delivery.alertId()));
        if (alert.isEmpty()) {
            return;
        }
        settle(List.of(delivery), attempt(AlertNotice.of(alert.get(), delivery.notice(), delivery.since(), source)));
    }

    /** Writes down what became of deliveries that were tried together. */
    private void settle(List<Alert.Delivery> tried, @Nullable String error) {
        Instant now = store.now();
        if (error != null) {
            int attempts = tried.get(0).attempts() + 1;
            boolean goesOn = attempts < MOST_ATTEMPTS;
            String goingOn = goesOn ? "and is tried again" : "and is given up for this alert";
            if (attempts == 1 || !goesOn) {
                LOG.warn(
                        RunnerLogCode.ALERT_CHANNEL_FAILED,
                        "The alert channel {} failed, {}: {}",
                        channel.name(),
                        goingOn,
                        error);
            } else {
                LOG.debug("The alert channel {} failed, {}: {}", channel.name(), goingOn, error);
            }
        }
        store.writeAfresh(tx -> {
            tx.lock(AlertBook.LOCK);
            for (Alert.Delivery delivery : tried) {
                // something newer may have been put in its place
                if (tx.deliveries(delivery.alertId()).contains(delivery)) {
                    tx.put(after(delivery, error, now));
                }
            }
            tx.put(done(tx.alertChannels(), error, now));
            return null;
        });
    }

    private static Alert.Delivery after(Alert.Delivery tried, @Nullable String error, Instant now) {
        int attempts = tried.attempts() + 1;
        boolean goesOn = error != null && attempts < MOST_ATTEMPTS;
        return new Alert.Delivery(
                tried.alertId(),
                tried.channel(),
                tried.notice(),
                tried.since(),
                attempts,
                goesOn ? now.plus(waitAfter(attempts)) : null,
                error == null ? now : null,
                error);
    }

    private Alert.Channel done(List<Alert.Channel> known, @Nullable String error, Instant now) {
        return done(channel.name(), known, error, now);
    }

    static Alert.Channel done(String name, List<Alert.Channel> known, @Nullable String error, Instant now) {
        Alert.Channel before = known.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseGet(() -> new Alert.Channel(name, null, null, null));
        return error == null
                ? new Alert.Channel(name, now, before.failedAt(), before.error())
                : new Alert.Channel(name, before.deliveredAt(), now, error);
    }

    static Duration waitAfter(int attempts) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempts - 1, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** @return why it failed, in words, or null */
    private @Nullable String attempt(AlertNotice notice) {
        FutureTask<@Nullable Void> call = new FutureTask<>(() -> {
            channel.channel().send(notice);
            return null;
        });
        Thread thread = threads.newThread(call);
        thread.setName("alert-" + channel.name());
        thread.setDaemon(true);
        calling = thread;
        thread.start();
        try {
            call.get(channel.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (TimeoutException e) {
            call.cancel(true);
            return "it took longer than %d s (timeout)"
                    .formatted(channel.timeout().toSeconds());
        } catch (ExecutionException e) {
            return words(e.getCause());
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            return "the program ended meanwhile";
        }
    }

    static String words(@Nullable Throwable failure) {
        if (failure instanceof OutOfMemoryError fatal) {
            throw fatal;
        }
        String message = failure == null ? null : failure.getMessage();
        String words;
        if (failure == null || message == null || message.isBlank()) {
            words = String.valueOf(failure);
        } else if (failure instanceof PipelineException) {
            words = message;
        } else {
            words = failure.getClass().getSimpleName() + ": " + message;
        }
        String inert = InertText.of(words);
        return inert.length() <= LONGEST_ERROR ? inert : inert.substring(0, LONGEST_ERROR) + "…";
    }
}
