package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.stage;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of writing leaves whole units behind, all of those it was told about. */
class SqliteCrashTest {

    private static final int STAGES = 8;

    @TempDir
    Path home;

    @Test
    void a_killed_writer_leaves_whole_units_behind() throws Exception {
        Path file = home.resolve("pipeline_v2.db");
        List<Integer> told = new ArrayList<>();
        try (PipelineStore store = SqliteStore.open(file)) {
            for (int round = 0; round < 2; round++) {
                Study study = store.write(writer ->
                        writer.insert(study("round " + writer.studies().size())));
                // this process writes to the same file meanwhile
                told.addAll(killedAfter(file, study, 20 + 13 * round, store));

                store.read(reader -> {
                    List<Trial> trials = reader.trialsOf(study.id());
                    assertThat(trials).hasSizeGreaterThanOrEqualTo(20);
                    assertThat(trials)
                            .allSatisfy(trial ->
                                    assertThat(reader.stages(trial.id())).hasSize(STAGES));
                    return null;
                });
            }
            assertThat(store.<Integer>read(reader -> reader.trials().size())).isGreaterThanOrEqualTo(told.size());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet check = statement.executeQuery("pragma integrity_check")) {
            assertThat(check.getString(1)).isEqualTo("ok");
        }
    }

    /** The numbers of the trials that the process said were stored. */
    private static List<Integer> killedAfter(Path file, Study study, int units, PipelineStore store)
            throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString(),
                        Long.toString(study.id()),
                        study.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            List<Integer> told = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                told.add(Integer.parseInt(line));
                if (told.size() % 10 == 0) {
                    store.write(writer -> {
                        writer.put("seen", Integer.toString(told.size()));
                        return null;
                    });
                }
                if (told.size() == units) {
                    // by its handle: the process itself would also close the output, which is still to be read
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(units);
            store.read(reader -> {
                assertThat(reader.trialsOf(study.id()))
                        .extracting(trial -> trial.key().number())
                        .containsAll(told);
                return null;
            });
            return told;
        }
    }

    /** Stores trials with many stages each, one unit after the other, and says which are stored. */
    static final class Writer {

        public static void main(String[] arguments) {
            Study study = study(arguments[2]).withId(Long.parseLong(arguments[1]));
            try (PipelineStore store = SqliteStore.open(Path.of(arguments[0]))) {
                for (int number = 0; ; number++) {
                    Trial next = trial(study, number);
                    store.write(writer -> {
                        Trial trial = writer.insert(next);
                        for (int i = 0; i < STAGES; i++) {
                            writer.insert(stage(trial, "stage " + i, i, null));
                        }
                        return null;
                    });
                    System.out.println(number);
                    // SQLite's lock is not fair: a process that never pauses keeps all others out
                    LockSupport.parkNanos(5_000_000);
                }
            }
        }
    }
}
