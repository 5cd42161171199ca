package io.pipelinev2.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteErrorCode;

/** Whether an SQLite database is whole, by what SQLite itself can tell. */
final class SqliteIntegrity {

    private SqliteIntegrity() {}

    /** Whether a fault is damage: what keeps a question from being put is then the answer to it. */
    static boolean isDamage(SQLException fault) {
        return (fault.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code;
    }

    static String inWords(SQLException damage) {
        return "Integrity: " + damage.getMessage();
    }

    /** Damaged pages, rows missing from an index, values that a constraint forbids. */
    static List<String> faults(Connection connection) throws SQLException {
        List<String> faults = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("pragma integrity_check")) {
            while (rows.next()) {
                if (!rows.getString(1).equals("ok")) {
                    faults.add("Integrity: " + rows.getString(1));
                }
            }
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw e;
            }
            faults.add(inWords(e));
        }
        return faults;
    }

    /** Rows that refer to rows which are not there. */
    static List<String> orphans(Connection connection) throws SQLException {
        List<String> orphans = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("pragma foreign_key_check")) {
            while (rows.next()) {
                orphans.add("Row %s of '%s' refers to a row of '%s' that is not there."
                        .formatted(rows.getString(2), rows.getString(1), rows.getString(3)));
            }
        }
        return orphans;
    }
}
