package io.pipelinev2.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The same through db-scheduler: three chained tasks a trial, from all scheduled to the last removed. On SQLite it polls by
 * fetching; the limits say when it fetches again, as fractions of the threads.
 *
 * @param chain how one task follows another
 * @param lower fetch again when no more than this is waiting
 * @param upper fetch this much
 * @param connections the size of the pool
 */
record TaskRun(TaskChain chain, double lower, double upper, int connections) {

    /** What its documentation recommends for throughput, in the forms that SQLite supports. */
    static final List<TaskRun> SENSIBLE = List.of(
            new TaskRun(TaskChain.REPLACE, 0.5, 3, 1),
            new TaskRun(TaskChain.REPLACE, 4, 20, 1),
            new TaskRun(TaskChain.REPLACE, 4, 20, 4),
            new TaskRun(TaskChain.SCHEDULE, 0.5, 3, 1),
            new TaskRun(TaskChain.SCHEDULE, 4, 20, 1));

    private static final Duration POLL = Duration.ofMillis(20);
    private static final long PATIENCE_SECONDS = 120;

    /** Trials per second. */
    double rate(Settings settings, int trials) throws Exception {
        try (Scratch scratch = Scratch.in(settings);
                HikariDataSource pool = pool(WalFile.at(scratch.file("tasks.db")))) {
            return run(pool, trials);
        }
    }

    /** Write statements per trial, each a transaction of its own; the insert of the first task not counted. */
    double writes(Settings settings, int trials) throws Exception {
        try (Scratch scratch = Scratch.in(settings);
                HikariDataSource pool = pool(WalFile.at(scratch.file("tasks.db")))) {
            CountedStatements counted = new CountedStatements(pool);
            run(counted.source(), trials);
            return (double) counted.writes() / trials - 1;
        }
    }

    private double run(DataSource source, int trials) throws SQLException, InterruptedException {
        makeTable(source);
        CountDownLatch left = new CountDownLatch(trials);
        Scheduler scheduler = Scheduler.create(source, chain.tasks(NoOp.STAGES, left))
                .threads(Settings.WORKERS)
                .pollingInterval(POLL)
                .pollUsingFetch(lower, upper)
                .enableImmediateExecution()
                .build();
        List<TaskInstance<?>> first = new ArrayList<>();
        for (int number = 0; number < trials; number++) {
            first.add(new TaskInstance<Void>(NoOp.STAGES.get(0), Integer.toString(number)));
        }
        scheduler.scheduleBatch(first, Instant.now());
        try {
            long start = System.nanoTime();
            scheduler.start();
            if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("%d of %d trials were not done within %d s by %s"
                        .formatted(left.getCount(), trials, PATIENCE_SECONDS, this));
            }
            return trials / ((System.nanoTime() - start) / 1e9);
        } finally {
            scheduler.stop();
        }
    }

    private HikariDataSource pool(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    private static void makeTable(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create table scheduled_tasks (
                        task_name varchar(100) not null, task_instance varchar(100) not null, task_data blob,
                        execution_time timestamp not null, picked bit not null, picked_by varchar(50),
                        last_success timestamp, last_failure timestamp, consecutive_failures int,
                        last_heartbeat timestamp, version bigint not null, priority smallint,
                        primary key (task_name, task_instance))""");
            statement.execute("create index by_execution_time on scheduled_tasks (execution_time)");
            statement.execute("create index by_heartbeat on scheduled_tasks (last_heartbeat)");
        }
    }

    String inWords() {
        return "%s, fetching %s to %s times the threads, pool of %d"
                .formatted(
                        chain == TaskChain.REPLACE ? "row replaced" : "next one scheduled", lower, upper, connections);
    }
}
