package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.FIGURES;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.BacktestFigures;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The table {@code figures}: what lists are sorted by and only the results of a stage hold, which no index can reach into. */
final class FigureRows {

    private final DSLContext sql;

    FigureRows(DSLContext sql) {
        this.sql = sql;
    }

    /** @param before the stage as it was, or null if it is new */
    void follow(@Nullable StageRun before, StageRun after) {
        if (!after.name().equals(BacktestFigures.STAGE)) {
            return;
        }
        Map<String, Double> old = before == null ? Map.of() : BacktestFigures.of(before.results());
        Map<String, Double> now = BacktestFigures.of(after.results());
        if (Objects.equals(old, now)) {
            return;
        }
        if (!old.isEmpty()) {
            sql.deleteFrom(FIGURES).where(FIGURES.TRIAL_ID.eq(after.trialId())).execute();
        }
        now.forEach((name, value) -> sql.insertInto(FIGURES)
                .set(FIGURES.TRIAL_ID, after.trialId())
                .set(FIGURES.NAME, name)
                .set(FIGURES.VALUE, value)
                .execute());
    }
}
