package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.SETTINGS;

import java.util.Optional;
import org.jooq.DSLContext;

/** The table {@code settings}. */
final class SettingRows {

    private final DSLContext sql;

    SettingRows(DSLContext sql) {
        this.sql = sql;
    }

    Optional<String> find(String name) {
        return sql.select(SETTINGS.VALUE)
                .from(SETTINGS)
                .where(SETTINGS.NAME.eq(name))
                .fetchOptional(SETTINGS.VALUE);
    }

    void put(String name, String value) {
        sql.insertInto(SETTINGS)
                .set(SETTINGS.NAME, name)
                .set(SETTINGS.VALUE, value)
                .onConflict(SETTINGS.NAME)
                .doUpdate()
                .set(SETTINGS.VALUE, value)
                .execute();
    }
}
