package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A supervisor dies in the middle of replacing one trader by another, at every step there is, and the next goes on. */
class ReplacementTest {

    /** Ends at once with a code of its own if another one holds the only place. */
    private static final DeploySettings ONE = Home.script(
                    "exec flock -n -E 99 --no-fork ../../the-only-place sleep 100")
            .withMaxDeployed(1);

    private static final int MOST_STEPS = 40;

    @TempDir
    Path directory;

    /** Where in a write the supervisor dies. */
    enum Moment {
        BEFORE_IT_IS_WRITTEN,
        RIGHT_AFTER_IT_WAS_WRITTEN
    }

    @ParameterizedTest
    @EnumSource
    void never_two_at_once_and_in_the_end_the_right_one(Moment moment) {
        int deaths = 0;
        while (dies(deaths + 1, moment)) {
            deaths++;
            assertThat(deaths).isLessThan(MOST_STEPS);
        }
        // decided on, told to end, ended, start decided on, started: there are no fewer writes than that
        assertThat(deaths).isGreaterThanOrEqualTo(5);
    }

    /** @return whether the supervisor got as far as to die at that write */
    private boolean dies(int write, Moment moment) {
        ManualClock clock = new ManualClock();
        try (Home home = new Home(directory.resolve(moment + "-" + write), clock)) {
            home.validated(1, 0.5);
            supervise(home.stage(ONE).build(), home);
            home.validated(2, 1.5, 2);

            MortalStore mortal = new MortalStore(home.store, write, moment);
            boolean died = false;
            try {
                supervise(
                        DeployStage.builder(mortal, home.directory)
                                .clock(clock)
                                .settings(ONE)
                                .models(home.models)
                                .build(),
                        home);
            } catch (Death e) {
                died = true;
            }
            assertThat(Remains.in(home.directory)).hasSizeLessThanOrEqualTo(1);
            supervise(home.stage(ONE).build(), home);

            assertThat(running(home)).as("after death at write %d", write).containsExactly(2);
            assertThat(Remains.in(home.directory)).hasSize(1);
            assertThat(home.runs(2)).noneMatch(run -> run.crashed());
            assertThat(home.eventTypes(1))
                    .containsOnlyOnce(EventType.DEPLOYMENT_REPLACED, EventType.DEPLOYMENT_STOPPED);
            assertThat(home.trial(1).status()).isEqualTo(TrialStatus.COMPLETED);
            return died;
        }
    }

    private static void supervise(DeployStage stage, Home home) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            boolean settled = stage.reconcile();
            assertThat(Remains.in(home.directory)).hasSizeLessThanOrEqualTo(1);
            return settled;
        });
    }

    private static List<Integer> running(Home home) {
        return home.store.read(StoreReader::deployments).stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .map(deployment -> deployment.key().number())
                .toList();
    }

    /** No exception: nothing in a supervisor may survive it. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A store whose user dies at its n-th write. */
    private static final class MortalStore implements PipelineStore {
        private final PipelineStore store;
        private final Moment moment;
        private int writesLeft;

        MortalStore(PipelineStore store, int write, Moment moment) {
            this.store = store;
            this.writesLeft = write;
            this.moment = moment;
        }

        @Override
        public <T> T read(Function<StoreReader, T> work) {
            return store.read(work);
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            boolean last = --writesLeft == 0;
            if (last && moment == Moment.BEFORE_IT_IS_WRITTEN) {
                throw new Death();
            }
            T result = store.write(work);
            if (last) {
                throw new Death();
            }
            return result;
        }

        @Override
        public Instant now() {
            return store.now();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
