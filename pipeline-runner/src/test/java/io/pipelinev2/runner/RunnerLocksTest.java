package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreSamples;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a runner learns of the others of its home, which live in this process, in another one, or no more. */
@Timeout(60)
class RunnerLocksTest {

    private static final String HERE = "here";

    @TempDir
    private Path state;

    private final RunnerIdentity self = RunnerIdentity.fresh(HERE);
    private final RunnerIdentity other = RunnerIdentity.fresh(HERE);
    private RunnerLocks locks;

    @BeforeEach
    void a_runner() {
        locks = RunnerLocks.hold(state, self, "daemon");
    }

    @AfterEach
    void ends() {
        locks.close();
    }

    private static Lease lease(RunnerIdentity runner) {
        return new Lease(runner.id(), runner.host(), StoreSamples.AT);
    }

    private Path file(RunnerIdentity runner) {
        return state.resolve("runners").resolve(runner.id() + ".lock");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("runners"))) {
            return files.toList();
        }
    }

    private void killedRunner() {
        try (AnotherProcess killed = AnotherProcess.running(state, other, "worker")) {
            killed.kill();
        }
    }

    @Test
    void a_living_runner_of_this_process_lives_and_goes_on_living_however_often_it_is_asked_for() {
        try (RunnerLocks second = RunnerLocks.hold(state, other, "worker")) {
            assertThat(locks.isDead(lease(self))).isFalse();
            assertThat(locks.isDead(lease(other))).isFalse();
            assertThat(second.isDead(lease(self))).isFalse();
            assertThat(RunnerLocks.living(state))
                    .containsExactlyInAnyOrder(
                            "daemon, pid " + ProcessHandle.current().pid(),
                            "worker, pid " + ProcessHandle.current().pid());
            locks.sweep(new InMemoryPipelineStore());

            assertThat(AnotherProcess.finds(file(self))).isTrue();
            assertThat(AnotherProcess.finds(file(other))).isTrue();
        }
    }

    @Test
    void a_living_runner_of_another_process_lives() {
        try (AnotherProcess living = AnotherProcess.running(state, other, "worker")) {
            assertThat(locks.isDead(lease(other))).isFalse();
            assertThat(RunnerLocks.living(state)).contains("worker, pid " + living.pid());
            locks.sweep(new InMemoryPipelineStore());
            assertThat(file(other)).exists();
        }
    }

    @Test
    void one_that_has_not_said_yet_what_it_is_is_named_by_its_lock() throws IOException {
        try (AnotherProcess living = AnotherProcess.running(state, other, "worker")) {
            Files.writeString(file(other), "");
            assertThat(living.pid()).isPositive();
            assertThat(RunnerLocks.living(state)).contains("a runner, " + other.id() + ".lock");
        }
    }

    @Test
    void one_that_was_killed_is_dead_at_once() {
        killedRunner();

        assertThat(file(other)).exists();
        assertThat(locks.isDead(lease(other))).isTrue();
        assertThat(locks.isDead(lease(other))).as("asked again").isTrue();
        assertThat(RunnerLocks.living(state))
                .containsExactly("daemon, pid " + ProcessHandle.current().pid());
    }

    @Test
    void of_one_without_a_file_nothing_is_known() {
        assertThat(locks.isDead(lease(other))).isFalse();
        assertThat(file(other)).as("asking does not make one").doesNotExist();
    }

    @Test
    void of_one_on_another_machine_nothing_is_known_although_its_file_seems_free() {
        killedRunner();

        assertThat(locks.isDead(new Lease(other.id(), "elsewhere", StoreSamples.AT)))
                .isFalse();
    }

    @Test
    void of_one_whose_file_is_none_nothing_is_known() throws IOException {
        Files.createDirectory(file(other));

        assertThat(locks.isDead(lease(other))).isFalse();
    }

    @Test
    void sweeping_removes_the_files_of_the_dead_once_nothing_runs_in_their_name() throws IOException {
        killedRunner();
        PipelineStore store = new InMemoryPipelineStore(new ManualClock());
        StageRun running = runningStage(store);

        locks.sweep(store);
        assertThat(files()).containsExactlyInAnyOrder(file(self), file(other));

        store.write(tx -> {
            tx.update(running, running.due(StoreSamples.AT));
            return null;
        });
        locks.sweep(store);
        assertThat(files()).containsExactly(file(self));
    }

    /** A stage that the other runner has claimed. */
    private StageRun runningStage(PipelineStore store) {
        return store.write(tx -> {
            Study study = tx.insert(StoreSamples.study("s"));
            Trial trial = tx.insert(StoreSamples.trial(study, 0));
            StageRun due = tx.insert(StoreSamples.stage(trial, "backtest"));
            StageRun claimed = due.claimed(lease(other), StoreSamples.AT, StoreSamples.AT, 3);
            tx.update(due, claimed);
            return claimed;
        });
    }

    @Test
    void closing_removes_the_own_file_and_no_other() throws IOException {
        killedRunner();
        RunnerIdentity third = RunnerIdentity.fresh(HERE);
        RunnerLocks.hold(state, third, "worker").close();

        assertThat(files()).containsExactlyInAnyOrder(file(self), file(other));
        assertThat(locks.isDead(lease(third))).as("nothing is known of it").isFalse();
    }

    @Test
    void nobody_lives_where_nothing_ever_ran() {
        assertThat(RunnerLocks.living(state.resolve("elsewhere"))).isEmpty();
        assertThat(state.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void a_home_that_cannot_be_written_to_is_named() throws IOException {
        Path inTheWay = Files.createDirectory(state.resolve("x"));
        Files.writeString(inTheWay.resolve("runners"), "in the way");

        assertThatThrownBy(() -> RunnerLocks.hold(inTheWay, other, "worker"))
                .isInstanceOf(HomeLock.HomeUnavailableException.class)
                .hasMessageContaining(inTheWay.toString());
    }
}
