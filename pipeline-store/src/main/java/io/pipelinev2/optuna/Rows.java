package io.pipelinev2.optuna;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rows of a query at once, so that its cursor, and with it the lock on the file, is gone before any work begins. */
final class Rows {

    private Rows() {}

    /** Copies one row. Must not do anything else. */
    @FunctionalInterface
    interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    static <T> List<T> fetch(Connection connection, String sql, Mapping<T> mapping, @Nullable Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(mapping.of(result));
                }
            }
            return rows;
        }
    }
}
