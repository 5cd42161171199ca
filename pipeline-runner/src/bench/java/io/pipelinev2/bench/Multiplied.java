package io.pipelinev2.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Makes a large state of a small one: copies trials with all rows that hang on them, table by table as the database lists
 * them, so that it needs to know ids, the trial's number and due times, and nothing else of the schema.
 */
final class Multiplied {

    private final Connection connection;

    private Multiplied(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param copies how many of each template there are to be in the end
     */
    static void fill(Path file, Map<Templates, Integer> copies) throws SQLException {
        try (Connection connection = WalFile.unsynced(file).getConnection()) {
            Multiplied multiplied = new Multiplied(connection);
            multiplied.execute("pragma cache_size = -200000");
            multiplied.execute("begin immediate");
            int number = Templates.values().length;
            for (Map.Entry<Templates, Integer> each : copies.entrySet()) {
                multiplied.copy(each.getKey(), number, each.getValue() - 1);
                number += each.getValue();
            }
            multiplied.execute("commit");
            multiplied.execute("pragma wal_checkpoint(truncate)");
        }
    }

    /** Copies a trial to the numbers from {@code number} on. */
    private void copy(Templates template, int number, int times) throws SQLException {
        execute("drop table if exists temp.copies");
        execute("""
                create temp table copies as
                with recursive c(i) as (select 1 union all select i + 1 from c where i < %d)
                select i, t.trial_id as original, %d + i as number, (select max(trial_id) from trials) + i as trial
                from c, trials t where t.trial_number = %d""".formatted(times, number, template.ordinal()));
        // the trials first, then what hangs on them, stages before the rest
        copyRows("trials", "trial_id");
        copyRows("stages", "trial_id");
        for (String table : tables()) {
            if (!List.of("trials", "stages").contains(table) && columns(table).contains("trial_id")) {
                copyRows(table, "trial_id");
            }
        }
    }

    private void copyRows(String table, String trialColumn) throws SQLException {
        List<String> columns = new ArrayList<>(columns(table));
        columns.remove("id");
        String values = String.join(", ", columns.stream().map(this::value).toList());
        execute("insert into %s (%s) select %s from temp.copies c join %s r on r.%s = c.original order by c.i, r.rowid"
                .formatted(table, String.join(", ", columns), values, table, trialColumn));
    }

    private String value(String column) {
        return switch (column) {
            case "trial_id" -> "c.trial";
            case "trial_number" -> "c.number";
            case "stage_id" -> "(select s.id from stages s where s.trial_id = c.trial and s.stage_name = r.stage_name)";
            // a millisecond apart, further back in time
            case "due_at" -> "r.due_at - c.i";
            default -> "r." + column;
        };
    }

    private List<String> tables() throws SQLException {
        return strings("select name from sqlite_master where type = 'table' order by name");
    }

    private List<String> columns(String table) throws SQLException {
        return strings("select name from pragma_table_info('" + table + "') order by cid");
    }

    private List<String> strings(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> strings = new ArrayList<>();
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
            return Collections.unmodifiableList(strings);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
