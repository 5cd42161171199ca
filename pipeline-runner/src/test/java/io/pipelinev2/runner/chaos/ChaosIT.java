package io.pipelinev2.runner.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon and two workers on one file, killed and frozen at random: every trial ends as it has to, exactly once, and every
 * attempt is accounted for.
 *
 * <p>The seed says who is disturbed, and how; when that happens, in the middle of what, is another matter each time. What a
 * failed run leaves behind is kept for a look at it: the database, and what each runner did and said.
 */
class ChaosIT {

    private static final int TRIALS = Integer.getInteger("chaos.trials", 400);
    private static final int DISTURBANCES = Integer.getInteger("chaos.disturbances", 8);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    private static final Operator OPERATOR = new Operator("chaos", "test");

    /** Nothing comes to pass for so long only if the pipeline has come to a standstill. */
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final Random random = new Random(SEED);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Map<Disturbance, Integer> done = new EnumMap<>(Disturbance.class);
    private final List<Post> posts = new ArrayList<>();
    private PipelineStore store;
    private Connection connection;

    @BeforeEach
    void a_daemon_and_two_workers() throws Exception {
        store = SqliteStore.open(RunnerMain.database(directory));
        connection =
                DriverManager.getConnection("jdbc:sqlite:" + RunnerMain.database(directory) + "?busy_timeout=10000");
        posts.add(new Post(RunnerMain.DAEMON, 1, directory, TRIALS));
        posts.add(new Post("worker", 1, directory, TRIALS));
        posts.add(new Post("worker", 2, directory, TRIALS));
    }

    @AfterEach
    void nobody_is_left() throws Exception {
        timer.shutdownNow();
        for (Post post : posts) {
            post.close();
        }
        connection.close();
        store.close();
    }

    @Test
    void every_trial_ends_as_it_has_to_whoever_dies_on_the_way() throws Exception {
        int work = IntStream.range(0, TRIALS)
                .map(number -> Fate.of(number).endedStages())
                .sum();
        for (int i = 1; i <= DISTURBANCES; i++) {
            awaitEndedStages((int) ((long) work * i / (DISTURBANCES + 1)));
            // else it would always happen just after something has ended
            LockSupport.parkNanos(random.nextInt(50_000_000));
            disturb();
        }
        awaitEndedStages(work);

        Set<String> endedInOrder = new HashSet<>();
        for (Post post : posts) {
            post.askToEnd();
        }
        for (Post post : posts) {
            post.awaitEnd();
            endedInOrder.addAll(post.endedInOrder());
        }
        assertNothingImpossible("in the end");
        Reckoning reckoning = store.read(tx -> Reckoning.of(tx, TRIALS));
        reckoning.assertAllRight(Effects.all(directory), endedInOrder, story());
        assertThat(rows("pragma integrity_check")).containsExactly("ok");
        System.out.println("Chaos: " + story() + ": " + reckoning);
    }

    private String story() {
        return "-Dchaos.seed=%d -Dchaos.trials=%d -Dchaos.disturbances=%d in %s, runners %s"
                .formatted(SEED, TRIALS, DISTURBANCES, directory, done);
    }

    private void awaitEndedStages(int count) {
        await(story())
                .atMost(STANDSTILL)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .until(() -> {
                    posts.forEach(Post::assertAlive);
                    unpark();
                    return endedStages() >= count;
                });
    }

    private int endedStages() throws SQLException {
        return Integer.parseInt(rows("select count(*) from stages where status in ('passed', 'failed')")
                .get(0));
    }

    /** As an operator who has looked at the logs, and knows why their runners died. */
    private void unpark() throws SQLException {
        for (String number : rows("select trial_number from trials where parked")) {
            new Operations(store)
                    .unpark(new TrialKey(RunnerMain.STUDY, Integer.parseInt(number)), "it was not its fault", OPERATOR);
        }
    }

    private void disturb() throws IOException, InterruptedException {
        Disturbance how = Disturbance.any(random);
        Post post = posts.get(random.nextInt(posts.size()));
        if (how == Disturbance.FROZEN && post.isFrozen()) {
            how = Disturbance.KILLED;
        }
        done.merge(how, 1, Integer::sum);
        switch (how) {
            case KILLED -> killed(post);
            case FROZEN -> post.freeze(50 + random.nextInt((int) (2 * RunnerMain.LEASE.toMillis())), timer);
            case ENDED -> {
                post.askToEnd();
                post.awaitEnd();
                post.replace();
            }
            case KILLED_WHILE_ENDING -> {
                post.askToEnd();
                LockSupport.parkNanos(random.nextInt(60_000_000));
                killed(post);
            }
        }
    }

    private void killed(Post post) throws IOException, InterruptedException {
        post.kill();
        assertNothingImpossible(post + " was killed");
        post.replace();
    }

    private void assertNothingImpossible(String when) {
        assertThat(store.<List<String>>read(Invariants::violations))
                .as("%s, %s", when, story())
                .isEmpty();
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
