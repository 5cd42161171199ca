package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * A statement that every attempt needs. jOOQ writes it, once for each database, from the generated tables; then it is
 * executed by JDBC alone, because to build, render and bind it takes jOOQ several times as long as SQLite to execute it.
 */
final class HotStatement {

    private final Function<DSLContext, ? extends Query> statement;
    private final Map<SQLDialect, Rendered> rendered = new ConcurrentHashMap<>();

    /** A statement for one database: its text, what its question marks stand for, and where its columns are. */
    private record Rendered(String text, List<Param<?>> parameters, Map<Field<?>, Integer> columns) {}

    private HotStatement(Function<DSLContext, ? extends Query> statement) {
        this.statement = statement;
    }

    /** @param statement writes it, with {@link #value} in the place of every value */
    static HotStatement of(Function<DSLContext, ? extends Query> statement) {
        return new HotStatement(statement);
    }

    /** The place of a value of this column's type. */
    static <T> Param<T> value(Field<T> column) {
        return DSL.val((T) null, column);
    }

    String text(SQLDialect dialect) {
        return rendered(dialect).text();
    }

    private Rendered rendered(SQLDialect dialect) {
        return rendered.computeIfAbsent(dialect, this::render);
    }

    private Rendered render(SQLDialect dialect) {
        Query query = statement.apply(DSL.using(dialect, JooqPipelineStore.SETTINGS));
        Map<Field<?>, Integer> columns = new HashMap<>();
        if (query instanceof Select<?> select) {
            for (Field<?> column : select.getSelect()) {
                columns.put(column, columns.size() + 1);
            }
        }
        List<Param<?>> parameters = query.getParams().values().stream()
                .<Param<?>>filter(parameter -> !parameter.isInline())
                .toList();
        return new Rendered(query.getSQL(), parameters, columns);
    }

    /**
     * Executes a statement that changes rows.
     *
     * @param values in the order in which the statement names them
     * @return how many rows it changed
     */
    int execute(Sql sql, @Nullable Object... values) {
        try (PreparedStatement prepared = bound(sql, values)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw sql.faults().of(e);
        }
    }

    /**
     * Executes a query.
     *
     * @param values in the order in which the query names them
     */
    <T> List<T> fetch(Sql sql, Function<Row, T> mapper, @Nullable Object... values) {
        Map<Field<?>, Integer> columns = rendered(sql.dialect().sql()).columns();
        try (PreparedStatement prepared = bound(sql, values);
                ResultSet rows = prepared.executeQuery()) {
            List<T> all = new ArrayList<>();
            ReadRow row = new ReadRow(rows, columns, sql.faults());
            while (rows.next()) {
                all.add(mapper.apply(row));
            }
            return List.copyOf(all);
        } catch (SQLException e) {
            throw sql.faults().of(e);
        }
    }

    /** The same for a query that finds one row at most. */
    <T> Optional<T> fetchOptional(Sql sql, Function<Row, T> mapper, @Nullable Object... values) {
        return fetch(sql, mapper, values).stream().findFirst();
    }

    private PreparedStatement bound(Sql sql, @Nullable Object... values) throws SQLException {
        Rendered its = rendered(sql.dialect().sql());
        if (its.parameters().size() != values.length) {
            throw new IllegalArgumentException("%d values for the %d of: %s"
                    .formatted(values.length, its.parameters().size(), its.text()));
        }
        PreparedStatement prepared = sql.connection().prepareStatement(its.text());
        try {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, stored(its.parameters().get(i), values[i]));
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private static @Nullable Object stored(Param<?> parameter, @Nullable Object value) {
        @SuppressWarnings("unchecked")
        Converter<Object, Object> converter = (Converter<Object, Object>) parameter.getConverter();
        return converter.to(value);
    }

    /** The row that a result set stands at. */
    private record ReadRow(ResultSet rows, Map<Field<?>, Integer> columns, Faults faults) implements Row {

        @Override
        public <T> T get(Field<T> column) {
            return read(column, column.getConverter());
        }

        private <S, T> T read(Field<T> column, Converter<S, T> converter) {
            try {
                return converter.from(converter
                        .fromType()
                        .cast(raw(Objects.requireNonNull(columns.get(column)), converter.fromType())));
            } catch (SQLException e) {
                throw faults.of(e);
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException e) {
                throw faults.ofUnreadable(e);
            }
        }

        private @Nullable Object raw(int index, Class<?> type) throws SQLException {
            Object value;
            if (type == String.class) {
                value = rows.getString(index);
            } else if (type == Long.class) {
                value = rows.getLong(index);
            } else if (type == Integer.class) {
                value = rows.getInt(index);
            } else if (type == Boolean.class) {
                value = rows.getBoolean(index);
            } else {
                value = rows.getDouble(index);
            }
            return rows.wasNull() ? null : value;
        }
    }
}
