package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.REQUESTS;

import io.pipelinev2.core.store.HandledRequest;
import java.time.Duration;
import java.util.Optional;
import org.jooq.DSLContext;

/** The table {@code requests}. */
final class RequestRows {

    private final DSLContext sql;

    RequestRows(DSLContext sql) {
        this.sql = sql;
    }

    Optional<HandledRequest> find(String key) {
        return sql.select(REQUESTS.fields())
                .from(REQUESTS)
                .where(REQUESTS.REQUEST_KEY.eq(key))
                .fetchOptional(row -> new HandledRequest(
                        row.get(REQUESTS.REQUEST_KEY),
                        row.get(REQUESTS.FINGERPRINT),
                        row.get(REQUESTS.ANSWER),
                        row.get(REQUESTS.CREATED_AT)));
    }

    void put(HandledRequest request) {
        sql.deleteFrom(REQUESTS)
                .where(REQUESTS.CREATED_AT.lt(request.at().minus(Duration.ofHours(HandledRequest.HOURS))))
                .execute();
        sql.insertInto(REQUESTS)
                .set(REQUESTS.REQUEST_KEY, request.key())
                .set(REQUESTS.FINGERPRINT, request.fingerprint())
                .set(REQUESTS.ANSWER, request.answer())
                .set(REQUESTS.CREATED_AT, request.at())
                .execute();
    }
}
