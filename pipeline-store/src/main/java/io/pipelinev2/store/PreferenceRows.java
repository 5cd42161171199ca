package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.PREFERENCES;

import io.pipelinev2.core.deployment.Preference;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The table {@code preferences}. */
final class PreferenceRows {

    private final DSLContext sql;

    PreferenceRows(DSLContext sql) {
        this.sql = sql;
    }

    Map<Long, Preference> all() {
        return Map.copyOf(sql.select(PREFERENCES.fields())
                .from(PREFERENCES)
                .fetchMap(PREFERENCES.TRIAL_ID, PreferenceRows::preference));
    }

    void put(Preference preference) {
        delete(preference.trialId());
        sql.insertInto(PREFERENCES)
                .set(PREFERENCES.TRIAL_ID, preference.trialId())
                .set(PREFERENCES.KIND, preference.kind())
                .set(PREFERENCES.REASON, preference.reason())
                .set(PREFERENCES.ACTOR, preference.actor())
                .set(PREFERENCES.ORIGIN, preference.origin())
                .set(PREFERENCES.SINCE, preference.since())
                .execute();
    }

    void delete(long trialId) {
        sql.deleteFrom(PREFERENCES).where(PREFERENCES.TRIAL_ID.eq(trialId)).execute();
    }

    private static Preference preference(Record row) {
        return new Preference(
                row.get(PREFERENCES.TRIAL_ID),
                row.get(PREFERENCES.KIND),
                row.get(PREFERENCES.REASON),
                row.get(PREFERENCES.ACTOR),
                row.get(PREFERENCES.ORIGIN),
                row.get(PREFERENCES.SINCE));
    }
}
