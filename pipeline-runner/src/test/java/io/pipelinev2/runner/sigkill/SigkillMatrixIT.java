package io.pipelinev2.runner.sigkill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the supervising process, of its trader, of both, and of a trader with processes of its own, at twelve points of
 * starting, running, stopping and replacing. Whoever supervises then brings about exactly the processes that are desired: no
 * second one beside the first, none that nobody knows, and no line lost from any ledger.
 */
class SigkillMatrixIT {

    private static final long SECONDS = Long.getLong("sigkill.seconds", 0);
    private static final long SEED = Long.getLong("sigkill.seed", System.nanoTime());

    /** They wait for processes and for the delay before a restart most of the time. */
    private static final int AT_A_TIME = 4;

    /** What the guarantee says. */
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    /** Only a scene that never gets to its point takes so long. */
    private static final Duration STANDSTILL = Duration.ofSeconds(60);

    private static final int PASSES_AFTERWARDS = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private ExecutorService executor;
    private Home template;

    @BeforeEach
    void a_home() throws Exception {
        executor = Executors.newFixedThreadPool(AT_A_TIME);
        template = Home.create(directory.resolve("template"));
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> exactly_the_desired_processes_run_whoever_is_killed_wherever() {
        List<Future<?>> played = Cell.all().stream()
                .<Future<?>>map(cell ->
                        executor.submit(() -> play(cell, cell.toString().replace('/', '-'))))
                .toList();
        return Stream.iterate(0, i -> i < played.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(
                        Cell.all().get(i).toString(), () -> played.get(i).get()));
    }

    @TestFactory
    Stream<DynamicTest> exactly_the_desired_processes_run_after_kills_at_random() {
        Random random = new Random(SEED);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        return Stream.iterate(0, i -> System.nanoTime() < end, i -> i + 1).map(i -> {
            Cell cell = Cell.any(random);
            return DynamicTest.dynamicTest(
                    "-Dsigkill.seed=%d, %d: %s".formatted(SEED, i, cell), () -> play(cell, "random-" + i));
        });
    }

    private Void play(Cell cell, String name) throws Exception {
        Home home = template.copy(directory.resolve(name));
        if (cell.victim() == Victim.LEADER) {
            home.growFamilies();
        }
        try (PipelineStore store = home.open()) {
            Inspection inspection = new Inspection(home, store);
            try {
                if (cell.victim().daemonDies()) {
                    killedInAnotherProcess(home, cell);
                    Map<Long, List<String>> written = ledgers(home, store);
                    try (Supervision successor = Supervision.succeeding(home)) {
                        assertComesRight(successor, inspection, cell, store);
                    }
                    assertNothingIsLost(written, home);
                } else {
                    try (Supervision supervision = Supervision.playing(home, cell)) {
                        reachesItsPoint(supervision, cell);
                        Map<Long, List<String>> written = ledgers(home, store);
                        assertComesRight(supervision, inspection, cell, store);
                        assertNothingIsLost(written, home);
                    }
                }
            } finally {
                await().atMost(STANDSTILL).until(() -> {
                    inspection.endAll();
                    return inspection.isQuiet();
                });
            }
        }
        return null;
    }

    private static void killedInAnotherProcess(Home home, Cell cell) throws Exception {
        Process daemon = SupervisorMain.start(home.directory(), cell);
        try {
            boolean ended = daemon.waitFor(cell.isNamed() ? STANDSTILL.toSeconds() : 3, TimeUnit.SECONDS);
            String said = Files.readString(home.directory().resolve("daemon.out"));
            assertThat(ended || !cell.isNamed())
                    .as("%s is reached; the daemon said: %s", cell, said)
                    .isTrue();
            if (ended) {
                assertThat(daemon.exitValue()).as("killed; it said: %s", said).isEqualTo(128 + 9);
            }
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    private static void reachesItsPoint(Supervision supervision, Cell cell) {
        long patience = cell.isNamed() ? STANDSTILL.toNanos() : TimeUnit.SECONDS.toNanos(2);
        passUntil(supervision, supervision::hasStruck, System.nanoTime() + patience);
        assertThat(supervision.hasStruck() || !cell.isNamed())
                .as("%s is reached", cell)
                .isTrue();
    }

    private static void passUntil(Supervision supervision, BooleanSupplier done, long end) {
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            supervision.pass();
        }
    }

    private static void assertComesRight(
            Supervision supervision, Inspection inspection, Cell cell, PipelineStore store) {
        int family = cell.victim() == Victim.LEADER ? 2 : 0;
        await(cell.toString())
                .atMost(RECOVERY)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> {
                    supervision.pass();
                    inspection.assertExactlyTheDesiredProcesses(family);
                });
        List<Deployment> then = store.read(StoreReader::deployments);
        for (int i = 0; i < PASSES_AFTERWARDS; i++) {
            supervision.pass();
        }
        assertThat(store.read(StoreReader::deployments)).as("and stays so").isEqualTo(then);
        inspection.assertTheRecordIsWhole();
        inspection.assertTheLedgersAreWhole();
        if (cell.isNamed()) {
            assertThat(desired(then)).isEqualTo(desired(cell.phase()));
        }
    }

    private static List<TrialKey> desired(List<Deployment> deployments) {
        return deployments.stream()
                .filter(each -> each.desired() == DesiredState.RUNNING)
                .map(Deployment::key)
                .toList();
    }

    private static List<TrialKey> desired(Moment.Phase phase) {
        return switch (phase) {
            case START, RUN, CRASH -> List.of(Home.FIRST);
            case STOP -> List.of();
            case REPLACE -> List.of(Home.BETTER);
        };
    }

    private static Map<Long, List<String>> ledgers(Home home, PipelineStore store) {
        Map<Long, List<String>> ledgers = new HashMap<>();
        store.read(StoreReader::deployments).forEach(each -> ledgers.put(each.id(), home.ledger(each.id())));
        return ledgers;
    }

    private static void assertNothingIsLost(Map<Long, List<String>> written, Home home) {
        written.forEach((deployment, lines) -> assertThat(
                        home.ledger(deployment).stream().limit(lines.size()))
                .as("the ledger of deployment %d goes on from what was written", deployment)
                .containsExactlyElementsOf(lines));
    }
}
