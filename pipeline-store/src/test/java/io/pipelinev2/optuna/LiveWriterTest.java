package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside an optimiser at work. */
class LiveWriterTest {

    private static final int TRIALS = 300;
    private static final String FLOAT = "{\"type\":\"float\",\"low\":0.0,\"high\":1.0}";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"delete", "wal"})
    @Timeout(120)
    void neither_disturbs_the_other_and_nothing_is_lost(String journalMode) throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE", "MINIMIZE");
        file.execute("pragma journal_mode = " + journalMode);
        TrialSource source = file.source();
        SourceStudy study = source.studies().get(0);

        Semaphore polls = new Semaphore(0);
        // a fifth of the patience that Optuna has, and no retries: a single busy writer fails the test
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(file, 1000, polls));
        List<TrialHeader> last = List.of();
        boolean over;
        do {
            over = writer.isDone();
            List<TrialHeader> now = source.completeTrials(study);
            assertThat(now.subList(0, last.size()))
                    .as("a trial once seen stays")
                    .isEqualTo(last);
            assertThat(now).allSatisfy(LiveWriterTest::assertWhole);
            if (!now.isEmpty()) {
                var details = source.details(now.get(now.size() - 1).source());
                assertThat(details.parameters()).containsOnlyKeys("x", "y");
            }
            last = now;
            polls.release();
        } while (!over);

        writer.get(60, TimeUnit.SECONDS);
        assertThat(last)
                .extracting(header -> header.source().number())
                .containsExactlyElementsOf(IntStream.range(0, TRIALS).boxed().toList());
    }

    private static void assertWhole(TrialHeader header) {
        double number = header.source().number();
        assertThat(header.values()).containsExactly(number + 0.5, -number - 0.5);
    }

    private static void write(OptunaFile file, int busyTimeout, Semaphore polls) {
        try (Connection connection = file.connect()) {
            OptunaFile.execute(connection, "pragma busy_timeout = " + busyTimeout);
            for (int number = 0; number < TRIALS; number++) {
                for (String name : List.of("x", "y")) {
                    OptunaFile.update(
                            connection,
                            "insert into trial_params (trial_id, param_name, param_value, distribution_json)"
                                    + " values (?, ?, 0.5, ?)",
                            number + 1,
                            name,
                            FLOAT);
                }
                OptunaFile.trial(connection, number + 1, 1, number, "start " + number, number + 0.5, -number - 0.5);
                // so that the reader is seen to be at work all the time, however fast the disk is
                if (number % 10 == 9) {
                    assertThat(polls.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                }
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void holds_nothing_between_two_calls() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE");
        TrialSource source = file.source();
        try (Connection impatient = file.connect()) {
            OptunaFile.execute(impatient, "pragma busy_timeout = 0");
            for (int number = 0; number < 20; number++) {
                OptunaFile.trial(impatient, number + 1, 1, number, "x", number);
                List<TrialHeader> headers =
                        source.completeTrials(source.studies().get(0));
                assertThat(headers).hasSize(number + 1);
                source.details(headers.get(number).source());
                OptunaFile.execute(impatient, "begin exclusive", "rollback");
            }
        }
    }

    @Test
    @Timeout(120)
    void a_hundred_thousand_trials_are_one_short_query() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE");
        int trials = 100_000;
        file.execute("""
                with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < 100000)
                insert into trials (trial_id, study_id, number, state, datetime_start)
                select i + 1, 1, i, 'COMPLETE', '2026-01-01 00:00:00.000000' from n
                """, """
                insert into trial_values (trial_id, objective, value, value_type)
                select trial_id, 0, number / 7.0, 'FINITE' from trials
                """);
        TrialSource source = file.source();
        SourceStudy study = source.studies().get(0);

        long start = System.nanoTime();
        List<TrialHeader> headers = source.completeTrials(study);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertThat(headers).hasSize(trials);
        assertThat(headers.get(trials - 1).source().number()).isEqualTo(trials - 1);
        assertThat(headers.get(trials - 1).values()).containsExactly((trials - 1) / 7.0);
        // far above what it takes (under half a second), far below what a query per trial would take
        assertThat(millis).isLessThan(10_000);
    }
}
