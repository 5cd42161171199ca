package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.ALERT_CHANNELS;
import static io.pipelinev2.store.schema.Tables.ALERT_DELIVERIES;

import io.pipelinev2.core.store.Alert;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The tables {@code alert_deliveries} and {@code alert_channels}. */
final class AlertDeliveryRows {

    private final DSLContext sql;

    AlertDeliveryRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Alert.Delivery> of(long alertId) {
        // sorted here: databases differ in the order of text
        return sql
                .select(ALERT_DELIVERIES.fields())
                .from(ALERT_DELIVERIES)
                .where(ALERT_DELIVERIES.ALERT_ID.eq(alertId))
                .fetch(AlertDeliveryRows::delivery)
                .stream()
                .sorted(Comparator.comparing(Alert.Delivery::channel))
                .toList();
    }

    List<Alert.Delivery> undelivered(String channel, int limit) {
        return List.copyOf(sql.select(ALERT_DELIVERIES.fields())
                .from(ALERT_DELIVERIES)
                .where(ALERT_DELIVERIES.CHANNEL.eq(channel), ALERT_DELIVERIES.DUE_AT.isNotNull())
                .orderBy(ALERT_DELIVERIES.DUE_AT, ALERT_DELIVERIES.ALERT_ID)
                .limit(limit)
                .fetch(AlertDeliveryRows::delivery));
    }

    void put(Alert.Delivery delivery) {
        sql.deleteFrom(ALERT_DELIVERIES)
                .where(
                        ALERT_DELIVERIES.ALERT_ID.eq(delivery.alertId()),
                        ALERT_DELIVERIES.CHANNEL.eq(delivery.channel()))
                .execute();
        sql.insertInto(ALERT_DELIVERIES)
                .set(ALERT_DELIVERIES.ALERT_ID, delivery.alertId())
                .set(ALERT_DELIVERIES.CHANNEL, delivery.channel())
                .set(ALERT_DELIVERIES.NOTICE, delivery.notice())
                .set(ALERT_DELIVERIES.SINCE, delivery.since())
                .set(ALERT_DELIVERIES.ATTEMPTS, delivery.attempts())
                .set(ALERT_DELIVERIES.DUE_AT, delivery.dueAt())
                .set(ALERT_DELIVERIES.DELIVERED_AT, delivery.deliveredAt())
                .set(ALERT_DELIVERIES.ERROR, delivery.error())
                .execute();
    }

    List<Alert.Channel> channels() {
        return sql.select(ALERT_CHANNELS.fields()).from(ALERT_CHANNELS).fetch(AlertDeliveryRows::channel).stream()
                .sorted(Comparator.comparing(Alert.Channel::name))
                .toList();
    }

    void put(Alert.Channel channel) {
        sql.deleteFrom(ALERT_CHANNELS)
                .where(ALERT_CHANNELS.NAME.eq(channel.name()))
                .execute();
        sql.insertInto(ALERT_CHANNELS)
                .set(ALERT_CHANNELS.NAME, channel.name())
                .set(ALERT_CHANNELS.DELIVERED_AT, channel.deliveredAt())
                .set(ALERT_CHANNELS.FAILED_AT, channel.failedAt())
                .set(ALERT_CHANNELS.ERROR, channel.error())
                .execute();
    }

    private static Alert.Delivery delivery(Record row) {
        return new Alert.Delivery(
                row.get(ALERT_DELIVERIES.ALERT_ID),
                row.get(ALERT_DELIVERIES.CHANNEL),
                row.get(ALERT_DELIVERIES.NOTICE),
                row.get(ALERT_DELIVERIES.SINCE),
                row.get(ALERT_DELIVERIES.ATTEMPTS),
                row.get(ALERT_DELIVERIES.DUE_AT),
                row.get(ALERT_DELIVERIES.DELIVERED_AT),
                row.get(ALERT_DELIVERIES.ERROR));
    }

    private static Alert.Channel channel(Record row) {
        return new Alert.Channel(
                row.get(ALERT_CHANNELS.NAME),
                row.get(ALERT_CHANNELS.DELIVERED_AT),
                row.get(ALERT_CHANNELS.FAILED_AT),
                row.get(ALERT_CHANNELS.ERROR));
    }
}
