package io.pipelinev2.store;

import org.jooq.Field;
import org.jooq.Record;

/** A row that was read, whichever way. */
interface Row {

    /** The value of a column, which may be null if the column may be. */
    <T> T get(Field<T> column);

    /** A row that jOOQ has read. */
    static Row of(Record row) {
        return new Row() {
            @Override
            public <T> T get(Field<T> column) {
                return row.get(column);
            }
        };
    }
}
