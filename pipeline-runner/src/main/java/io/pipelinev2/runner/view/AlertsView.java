package io.pipelinev2.runner.view;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alerts, who was told of them, and how the channels have done.
 *
 * @param alerts open ones in the order in which they began, then resolved ones, newest first
 * @param deliveries what each channel was told, by the alert's id
 * @param channels how each channel has done
 */
public record AlertsView(List<Alert> alerts, Map<Long, List<Alert.Delivery>> deliveries, List<Alert.Channel> channels) {

    public AlertsView {
        alerts = List.copyOf(alerts);
        deliveries = Map.copyOf(deliveries);
        channels = List.copyOf(channels);
    }

    /** How many are open. */
    public static long open(PipelineStore store) {
        return store.read(tx -> tx.openAlerts().size());
    }

    /**
     * The alerts as they are now: all that are open.
     *
     * @param resolved how many resolved ones at most, too
     */
    public static AlertsView of(PipelineStore store, int resolved) {
        return store.read(tx -> of(tx, resolved));
    }

    private static AlertsView of(StoreReader tx, int resolved) {
        List<Alert> alerts = new ArrayList<>(tx.openAlerts());
        if (resolved > 0) {
            tx.alerts(resolved + alerts.size()).stream()
                    .filter(alert -> !alert.isOpen())
                    .limit(resolved)
                    .forEach(alerts::add);
        }
        Map<Long, List<Alert.Delivery>> deliveries = new LinkedHashMap<>();
        alerts.forEach(alert -> deliveries.put(alert.id(), tx.deliveries(alert.id())));
        return new AlertsView(alerts, deliveries, tx.alertChannels());
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("alerts", alerts.stream().map(this::json).toList());
        json.put("channels", channels.stream().map(AlertsView::channel).toList());
        return json;
    }

    /** The JSON form of one of them. */
    public Map<String, @Nullable Object> json(Alert alert) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", alert.id());
        json.put("rule", alert.rule());
        json.put("subject", alert.subject());
        json.put("severity", alert.severity().label());
        json.put("status", status(alert));
        json.put("message", alert.message());
        json.put("opened_at", alert.openedAt());
        json.put("updated_at", alert.updatedAt());
        json.put("resolved_at", alert.resolvedAt());
        json.put("notices", alert.notices());
        json.put("last_notice_at", alert.noticedAt());
        json.put("next_reminder_at", alert.remindAt());
        json.put("acknowledged_by", alert.acknowledgedBy());
        json.put("silenced_until", alert.silencedUntil());
        json.put("silenced_by", alert.silencedBy());
        json.put(
                "deliveries",
                deliveries.getOrDefault(alert.id(), List.of()).stream()
                        .map(AlertsView::delivery)
                        .toList());
        return json;
    }

    /** {@code open}, {@code acknowledged} or {@code resolved}. */
    public static String status(Alert alert) {
        return !alert.isOpen() ? "resolved" : alert.acknowledgedBy() != null ? "acknowledged" : "open";
    }

    private static Map<String, @Nullable Object> delivery(Alert.Delivery delivery) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("channel", delivery.channel());
        json.put("notice", delivery.notice().label());
        json.put("since", delivery.since());
        json.put("attempts", delivery.attempts());
        json.put("delivered_at", delivery.deliveredAt());
        json.put("next_attempt_at", delivery.dueAt());
        json.put("error", delivery.error());
        return json;
    }

    private static Map<String, @Nullable Object> channel(Alert.Channel channel) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("channel", channel.name());
        json.put("failing", channel.isFailing());
        json.put("delivered_at", channel.deliveredAt());
        json.put("failed_at", channel.failedAt());
        json.put("error", channel.error());
        return json;
    }
}
