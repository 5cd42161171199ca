package io.pipelinev2.store;

import static io.pipelinev2.store.HotStatement.value;
import static io.pipelinev2.store.schema.Tables.SERIES;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.SeriesBasis;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The table {@code series}. Numbers stand in it as little-endian doubles, eight bytes each. */
final class SeriesRows {

    private static final HotStatement FORGET = HotStatement.of(sql -> sql.deleteFrom(SERIES)
            .where(SERIES.TRIAL_ID.eq(value(SERIES.TRIAL_ID)), SERIES.STAGE_NAME.eq(value(SERIES.STAGE_NAME))));

    private static final HotStatement INSERT = HotStatement.of(sql -> sql.insertInto(SERIES)
            .set(SERIES.TRIAL_ID, value(SERIES.TRIAL_ID))
            .set(SERIES.STAGE_NAME, value(SERIES.STAGE_NAME))
            .set(SERIES.NAME, value(SERIES.NAME))
            .set(SERIES.BASIS, value(SERIES.BASIS))
            .set(SERIES.NUMBERS, value(SERIES.NUMBERS)));

    private final Sql sql;

    SeriesRows(Sql sql) {
        this.sql = sql;
    }

    Map<Long, Series> measuredOn(String stage, String name, String basis) {
        Map<Long, Series> found = new TreeMap<>();
        sql.jooq()
                .select(SERIES.fields())
                .from(SERIES)
                .where(SERIES.STAGE_NAME.eq(stage), SERIES.NAME.eq(name), SERIES.BASIS.eq(basis))
                .forEach(row -> found.put(row.get(SERIES.TRIAL_ID), series(row)));
        return found;
    }

    List<Series> of(long trialId, String stage) {
        // sorted here: databases differ in the order of text
        return sql
                .jooq()
                .select(SERIES.fields())
                .from(SERIES)
                .where(SERIES.TRIAL_ID.eq(trialId), SERIES.STAGE_NAME.eq(stage))
                .fetch(SeriesRows::series)
                .stream()
                .sorted(Comparator.comparing(Series::name))
                .toList();
    }

    List<SeriesBasis> bases(String stage, String name) {
        return sql
                .jooq()
                .select(SERIES.BASIS, DSL.count(), DSL.max(SERIES.ID), DSL.sum(SERIES.ID))
                .from(SERIES)
                .where(SERIES.STAGE_NAME.eq(stage), SERIES.NAME.eq(name))
                .groupBy(SERIES.BASIS)
                .fetch(row -> new SeriesBasis(
                        row.value1(), row.value2(), row.value3(), row.value4().longValueExact()))
                .stream()
                .sorted(Comparator.comparing(SeriesBasis::basis))
                .toList();
    }

    long latest() {
        Long latest = sql.jooq().select(DSL.max(SERIES.ID)).from(SERIES).fetchOne(0, Long.class);
        return latest == null ? 0 : latest;
    }

    void put(long trialId, String stage, List<Series> measured) {
        FORGET.execute(sql, trialId, stage);
        for (Series series : measured) {
            INSERT.execute(sql, trialId, stage, series.name(), series.basis(), bytes(series.values()));
        }
    }

    private static byte[] bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    /** The numbers as they stand in the column. */
    static double[] numbers(byte[] stored) {
        double[] numbers = new double[stored.length / Double.BYTES];
        ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
        return numbers;
    }

    private static Series series(Record row) {
        return new Series(row.get(SERIES.NAME), row.get(SERIES.BASIS), numbers(row.get(SERIES.NUMBERS)));
    }
}
