package io.pipelinev2.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The machine's own rate: how many one-row updates a second a single connection commits. Every other rate is bounded by
 * it, and it swings several-fold within minutes on a virtual disk, so it is asked before, between and after the others.
 */
final class CommitRate implements Measure {

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    @Override
    public String name() {
        return "commits";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        Sample rates = new Sample();
        for (int i = 0; i < 3; i++) {
            rates.add(now(settings));
        }
        report.row("the machine's own rate: one-row updates, one connection", rates.asRate() + " commits/s");
    }

    /** Commits per second at this moment. */
    static double now(Settings settings) throws Exception {
        try (Scratch scratch = Scratch.in(settings)) {
            DataSource source = WalFile.at(scratch.file("floor.db"));
            try (Connection connection = source.getConnection()) {
                return rate(connection);
            }
        }
    }

    private static double rate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("create table counter (id integer primary key, value bigint not null)");
            statement.executeUpdate("insert into counter values (1, 0)");
        }
        try (PreparedStatement update =
                connection.prepareStatement("update counter set value = value + 1 where id = 1")) {
            long start = System.nanoTime();
            long commits = 0;
            while (System.nanoTime() - start < NANOS) {
                update.executeUpdate();
                commits++;
            }
            return commits / ((System.nanoTime() - start) / 1e9);
        }
    }
}
