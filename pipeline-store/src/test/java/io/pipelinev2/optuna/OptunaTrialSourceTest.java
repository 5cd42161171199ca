package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptunaTrialSourceTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pending28", "multistudy", "old-v3.1.0", "old-v4.9.0"})
    void tells_of_complete_trials_exactly_what_optuna_tells(String name) {
        OptunaTrialSource source = OptunaFile.copyOf(name + ".db", directory).source();
        ExpectedStorage expected = ExpectedStorage.of(name);

        List<SourceStudy> studies = source.studies();

        assertThat(studies)
                .containsExactlyElementsOf(expected.studies().stream()
                        .map(study -> new SourceStudy(study.id(), study.name(), study.directions()))
                        .toList());
        assertThat(expected.studies().stream()
                        .mapToInt(ExpectedStorage.Study::others)
                        .sum())
                .as("trials that are not COMPLETE, and must not be told of")
                .isPositive();
        for (ExpectedStorage.Study study : expected.studies()) {
            List<TrialHeader> headers =
                    source.completeTrials(studies.get(expected.studies().indexOf(study)));
            assertThat(headers)
                    .extracting(header -> header.source().number())
                    .containsExactlyElementsOf(study.complete().stream()
                            .map(ExpectedStorage.Trial::number)
                            .toList());
            assertThat(source.counts(studies.get(expected.studies().indexOf(study))))
                    .contains(new TrialCounts(study.complete().size(), study.pruned()));
            for (int i = 0; i < headers.size(); i++) {
                assertSame(headers.get(i), study, study.complete().get(i));
                assertSame(
                        source.details(headers.get(i).source()),
                        study.complete().get(i));
            }
        }
    }

    private static void assertSame(TrialHeader header, ExpectedStorage.Study study, ExpectedStorage.Trial trial) {
        assertThat(header.values()).isEqualTo(trial.values());
        assertThat(header.source())
                .isEqualTo(new SourceTrial(
                        study.name(),
                        study.id(),
                        trial.id(),
                        trial.number(),
                        header.source().startedAt()));
        // datetime.isoformat leaves a fraction of zero out
        assertThat(header.source().startedAt()).startsWith(trial.start().replace('T', ' '));
    }

    private static void assertSame(TrialDetails details, ExpectedStorage.Trial trial) {
        // equal maps of boxed values: 3, 3.0, "3" and true are four different ones
        assertThat(details.parameters()).isEqualTo(trial.parameters());
        details.parameters()
                .forEach((name, value) -> assertThat(pythonType(value))
                        .as(name)
                        .isEqualTo(trial.types().get(name)));
        assertThat(details.parameters().keySet()).containsExactlyInAnyOrderElementsOf(trial.order());
        assertThat(details.userAttributes()).isEqualTo(trial.userAttributes());
    }

    private static String pythonType(Object value) {
        if (value == null) {
            return "NoneType";
        }
        return Map.of(Boolean.class, "bool", Long.class, "int", Double.class, "float", String.class, "str")
                .get(value.getClass());
    }

    @Test
    void keeps_parameters_in_the_order_of_suggestion() {
        OptunaTrialSource source = OptunaFile.copyOf("pending28.db", directory).source();
        ExpectedStorage.Trial expected =
                ExpectedStorage.of("pending28").studies().get(0).complete().get(0);

        TrialHeader first = source.completeTrials(source.studies().get(0)).get(0);

        assertThat(source.details(first.source()).parameters().keySet()).containsExactlyElementsOf(expected.order());
    }

    @Test
    void reads_infinities_from_the_type_and_a_null_without_type_as_undefined() throws Exception {
        OptunaFile file = OptunaFile.empty(directory)
                .study(1, "s", "MAXIMIZE", "MINIMIZE")
                .trial(1, 1, 0, "2026-01-01 00:00:00.000000", Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
                .trial(2, 1, 1, null, 5e-324, 1.5);
        file.update("update trial_values set value = null where trial_id = 2 and objective = 1");
        // what an upgrade by Optuna leaves of a NaN: no row at all
        file.trial(3, 1, 2, null);
        OptunaTrialSource source = file.source();

        List<TrialHeader> headers = source.completeTrials(source.studies().get(0));

        List<Double> undefined = new ArrayList<>(List.of(5e-324));
        undefined.add(null);
        assertThat(headers)
                .extracting(TrialHeader::values)
                .containsExactly(
                        List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                        undefined,
                        Arrays.asList(null, null));
        assertThat(headers)
                .extracting(header -> header.source().startedAt())
                .containsExactly("2026-01-01 00:00:00.000000", null, null);
    }

    @Test
    void finds_trials_that_finish_out_of_order() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE").trial(9, 1, 8, "later", 1);
        OptunaTrialSource source = file.source();
        SourceStudy study = source.studies().get(0);
        assertThat(source.completeTrials(study)).hasSize(1);

        file.trial(4, 1, 3, "earlier", 2);

        assertThat(source.completeTrials(study))
                .extracting(header -> header.source().number())
                .containsExactly(3, 8);
    }

    @Test
    void a_study_made_anew_with_the_same_ids_is_another_one() throws Exception {
        OptunaFile file =
                OptunaFile.empty(directory).study(1, "reborn", "MAXIMIZE").trial(1, 1, 0, "2026-01-01", 1);
        OptunaTrialSource source = file.source();
        SourceTrial before =
                source.completeTrials(source.studies().get(0)).get(0).source();
        assertThat(source.details(before)).isEqualTo(TrialDetails.NONE);

        file.execute("update trials set datetime_start = '2026-02-02'");

        assertThatThrownBy(() -> source.details(before))
                .isInstanceOf(TrialGoneException.class)
                .hasMessageContaining("Trial 0 of study 'reborn'");
        SourceTrial after =
                source.completeTrials(source.studies().get(0)).get(0).source();
        assertThat(after).isNotEqualTo(before);
        assertThat(source.details(after)).isEqualTo(TrialDetails.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from trials",
                "update trials set trial_id = 2",
                "update trials set number = 1",
                "update trials set study_id = 2",
                "update trials set state = 'RUNNING'",
                "update trials set datetime_start = null",
                "update studies set study_name = 'other'",
                "update studies set study_id = 2",
            })
    void a_trial_that_is_no_longer_the_one_discovered_is_gone(String change) throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE").trial(1, 1, 0, "2026-01-01", 1);
        OptunaTrialSource source = file.source();
        SourceTrial trial =
                source.completeTrials(source.studies().get(0)).get(0).source();

        file.execute(change);

        assertThatThrownBy(() -> source.details(trial)).isInstanceOf(TrialGoneException.class);
    }

    @Test
    void a_trial_without_start_time_is_found_again() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE").trial(1, 1, 0, null, 1);
        OptunaTrialSource source = file.source();
        SourceTrial trial =
                source.completeTrials(source.studies().get(0)).get(0).source();
        assertThat(source.details(trial)).isEqualTo(TrialDetails.NONE);

        file.execute("update trials set datetime_start = '2026-01-01'");

        assertThatThrownBy(() -> source.details(trial)).isInstanceOf(TrialGoneException.class);
    }

    @Test
    void a_study_that_is_gone_has_no_trials() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE").trial(1, 1, 0, null, 1);
        OptunaTrialSource source = file.source();
        SourceStudy study = source.studies().get(0);

        file.execute("update studies set study_name = 'another under the same id'");

        assertThat(source.completeTrials(study)).isEmpty();
    }

    @Test
    void leaves_the_file_and_its_directory_as_they_were() throws Exception {
        OptunaFile file = OptunaFile.copyOf("multistudy.db", directory);
        String before = file.sha256();
        OptunaTrialSource source = file.source();

        for (SourceStudy study : source.studies()) {
            source.completeTrials(study).forEach(header -> source.details(header.source()));
        }

        assertThat(file.sha256()).isEqualTo(before);
        assertThat(file.neighbours()).containsExactly("multistudy.db");
    }

    @Test
    void refuses_to_write_even_if_told_to() throws Exception {
        OptunaFile file = OptunaFile.copyOf("multistudy.db", directory);
        SqliteReader reader = new SqliteReader(file.path(), Duration.ofSeconds(5), new Notices(text -> {}));

        assertThatThrownBy(() -> reader.read(connection -> {
                    OptunaFile.execute(connection, "delete from trials");
                    return "done";
                }))
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining("readonly");
    }

    @Test
    void reads_a_file_in_wal_mode_while_a_writer_has_it_open_and_afterwards() throws Exception {
        OptunaFile file = OptunaFile.empty(directory).study(1, "s", "MAXIMIZE");
        OptunaTrialSource source = file.source();
        try (Connection writer = file.connect()) {
            OptunaFile.execute(writer, "pragma journal_mode=wal");
            OptunaFile.trial(writer, 1, 1, 0, "a", 1);
            OptunaFile.execute(writer, "begin immediate", "update trials set state = 'FAIL'");

            assertThat(source.completeTrials(source.studies().get(0))).hasSize(1);

            OptunaFile.execute(writer, "rollback");
        }
        String before = file.sha256();

        assertThat(source.completeTrials(source.studies().get(0))).hasSize(1);
        assertThat(file.sha256()).isEqualTo(before);
    }

    @Test
    void a_path_with_odd_characters_is_the_file_of_that_name() throws Exception {
        OptunaFile file = OptunaFile.copyOf("pending28.db", directory);
        for (String name : List.of("a b.db", "what?.db", "50%41.db", "#1.db", "naïve-測試.db", "a&b=c.db", "'x\".db")) {
            Files.copy(file.path(), directory.resolve(name));

            assertThat(OptunaTrialSource.of(name, directory, List.of("*")).studies())
                    .as(name)
                    .extracting(SourceStudy::name)
                    .containsExactly("cappuccino_demo");
        }
    }

    @Test
    void names_itself_as_it_was_configured() {
        assertThat(OptunaTrialSource.of("sqlite:///x.db?timeout=3", directory, List.of("*"))
                        .storage())
                .isEqualTo("sqlite:///x.db?timeout=3");
    }

    @Test
    void a_study_without_or_with_an_unknown_direction_has_none_set() throws Exception {
        List<String> said = new ArrayList<>();
        OptunaFile file = OptunaFile.empty(directory).study(1, "none").study(2, "odd", "SIDEWAYS");

        assertThat(file.source(new Notices(said::add)).studies())
                .extracting(SourceStudy::directions)
                .containsExactly(List.of(Direction.NOT_SET), List.of(Direction.NOT_SET));
        assertThat(said).singleElement().asString().contains("'odd'", "'SIDEWAYS'", "cannot be ranked");
    }
}
