package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage whose content was made to hurt: it may be refused, but neither believed nor followed. */
class HostileStorageTest {

    private static final String FLOAT = "{\"type\":\"float\",\"low\":0.0,\"high\":1.0}";

    @TempDir
    Path directory;

    private OptunaFile file;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void an_empty_storage() throws Exception {
        file = OptunaFile.empty(directory);
    }

    private TrialSource source(String... studies) {
        return file.source(new Notices(said::add), studies);
    }

    private List<TrialHeader> onlyTrials(TrialSource source) {
        return source.completeTrials(source.studies().get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table trials; --",
                "\" or 1=1",
                "?",
                "%",
                "a\nb\u0000c",
                "\u202Egnihtyna",
                "../../etc/passwd",
                "測試-Überprüfung-🚀",
            })
    void a_name_is_only_ever_a_name(String name) throws Exception {
        file.study(1, name, "MAXIMIZE")
                .trial(1, 1, 0, "x", 1)
                .study(2, "bystander", "MINIMIZE")
                .trial(2, 2, 0, "y", 2);
        TrialSource source = source(name.replace("?", "\\?"));

        assertThat(source.studies()).extracting(SourceStudy::name).containsExactly(name);
        assertThat(onlyTrials(source)).extracting(TrialHeader::values).containsExactly(List.of(1.0));
        assertThat(source.details(onlyTrials(source).get(0).source()).parameters())
                .isEmpty();
    }

    @Test
    void a_study_named_like_a_pattern_can_be_followed_alone() throws Exception {
        file.study(1, "ppo_1h", "MAXIMIZE").study(2, "ppo_*", "MAXIMIZE");

        assertThat(source("ppo_*").studies()).extracting(SourceStudy::name).containsExactly("ppo_1h", "ppo_*");
        assertThat(source("ppo_\\*").studies()).extracting(SourceStudy::name).containsExactly("ppo_*");
    }

    @Test
    void a_huge_name_does_not_fill_the_log() throws Exception {
        String huge = "x".repeat(1_000_000);
        file.study(1, huge, "MAXIMIZE").trial(1, 1, 0, "x", 1);
        file.parameter(1, huge, 0.5, "no json");
        TrialSource source = source("*", "absent");

        assertThat(source.studies()).extracting(SourceStudy::name).containsExactly(huge);
        assertThat(said)
                .singleElement()
                .asString()
                .contains("(1000000 characters)")
                .hasSizeLessThan(1000);
        assertThatThrownBy(() -> source.details(onlyTrials(source).get(0).source()))
                .message()
                .hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "7.0|{\"type\":\"categorical\",\"choices\":[1,2]}|is choice 7.0",
                "-1.0|{\"type\":\"categorical\",\"choices\":[1,2]}|is choice -1.0",
                "0.0|{\"type\":\"categorical\",\"choices\":[]}|is choice 0.0",
                "0.5|{\"type\":|not JSON",
                "0.5|{\"type\":\"quantum\"}|the distribution 'quantum'",
                "1e300|{\"type\":\"int\"}|is 1.0E300",
            })
    void a_broken_parameter_spoils_its_own_trial_only(double value, String distribution, String words)
            throws Exception {
        file.study(1, "s", "MAXIMIZE").trial(1, 1, 0, "a", 1).trial(2, 1, 1, "b", 2);
        file.parameter(1, "good", 0.25, FLOAT).parameter(1, "bad", value, distribution);
        file.parameter(2, "good", 0.75, FLOAT);
        TrialSource source = source();

        List<TrialHeader> headers = onlyTrials(source);

        assertThat(headers).hasSize(2);
        assertThatThrownBy(() -> source.details(headers.get(0).source()))
                .isExactlyInstanceOf(TrialSourceException.class)
                .hasMessageContaining("Trial 0 of study 's' in the Optuna storage " + file.path())
                .hasMessageContaining("its parameter 'bad' ")
                .hasMessageContaining(words)
                .hasMessageContaining("Look at the trial with Optuna");
        assertThat(source.details(headers.get(1).source()).parameters()).isEqualTo(Map.of("good", 0.75));
    }

    @Test
    void a_parameter_that_is_no_number_is_refused() throws Exception {
        file.study(1, "s", "MAXIMIZE").trial(1, 1, 0, "a", 1).parameter(1, "text", "abc", FLOAT);
        file.trial(2, 1, 1, "a", 1).parameter(2, "null", null, FLOAT);
        TrialSource source = source();

        for (TrialHeader header : onlyTrials(source)) {
            assertThatThrownBy(() -> source.details(header.source()))
                    .hasMessageContaining("has no number as its value");
        }
    }

    @Test
    void a_broken_user_attribute_spoils_its_own_trial_only() throws Exception {
        file.study(1, "s", "MAXIMIZE").trial(1, 1, 0, "a", 1).trial(2, 1, 1, "b", 2);
        file.userAttribute(1, "note", "{\"open\": ").userAttribute(2, "limits", "[NaN, -Infinity, \"\\ud83d\\ude80\"]");
        TrialSource source = source();

        assertThatThrownBy(() -> source.details(onlyTrials(source).get(0).source()))
                .hasMessageContaining("its user attribute 'note' has a text that is not JSON");
        assertThat(source.details(onlyTrials(source).get(1).source()).userAttributes())
                .isEqualTo(Map.of("limits", List.of(Double.NaN, Double.NEGATIVE_INFINITY, "🚀")));
    }

    @Test
    void values_that_make_no_sense_are_undefined_and_that_is_said() throws Exception {
        file.study(1, "s", "MAXIMIZE", "MINIMIZE").trial(1, 1, 0, "a", 1, 2, 3).trial(2, 1, 1, "b", 4, 5);
        file.execute(
                "update trial_values set value = 'abc' where trial_id = 1 and objective = 0",
                "update trial_values set value_type = 'COMPLEX' where trial_id = 2 and objective = 1");
        TrialSource source = source();

        assertThat(onlyTrials(source))
                .extracting(TrialHeader::values)
                .containsExactly(Arrays.asList(null, 2.0), Arrays.asList(4.0, null));
        assertThat(said)
                .hasSize(3)
                .anySatisfy(text -> assertThat(text).contains("id 1", "'FINITE'", "undefined"))
                .anySatisfy(text -> assertThat(text).contains("id 1", "objective 2", "ignored"))
                .anySatisfy(text -> assertThat(text).contains("id 2", "'COMPLEX'", "undefined"));
    }

    @Test
    void a_trial_without_a_usable_number_is_left_out_and_that_is_said() throws Exception {
        file.study(1, "s", "MAXIMIZE")
                .trial(1, 1, null, "a", 1)
                .trial(2, 1, -1, "b", 2)
                .trial(3, 1, 2, "c", 3);
        file.trial(4, 1, 1L << 40, "d", 4).trial(5, 1, "five", "e", 5);
        TrialSource source = source();

        assertThat(onlyTrials(source))
                .extracting(TrialHeader::source)
                .containsExactly(new SourceTrial("s", 1, 3, 2, "c"));
        assertThat(said).hasSize(4).allSatisfy(text -> assertThat(text).contains("of study 's' has no number"));
    }

    @Test
    void two_trials_of_one_number_are_two_trials() throws Exception {
        file.study(1, "s", "MAXIMIZE").trial(1, 1, 0, "a", 1).trial(2, 1, 0, "b", 2);

        assertThat(onlyTrials(source()))
                .extracting(header -> header.source().trialId())
                .containsExactly(1L, 2L);
    }

    @Test
    void views_and_triggers_of_other_names_do_not_disturb() throws Exception {
        file.study(1, "s", "MAXIMIZE").trial(1, 1, 0, "a", 1);
        file.execute(
                "create view best as select max(value) from trial_values",
                "create trigger watch after insert on trials begin update studies set study_name = 'x'; end");

        assertThat(onlyTrials(source())).hasSize(1);
    }

    @Test
    @Timeout(20)
    void a_view_in_the_place_of_a_table_is_not_run() throws Exception {
        file.execute("alter table trials rename to hidden", """
                create view trials as
                with recursive n(i) as (select 1 union all select i + 1 from n)
                select i as trial_id, i as number, 1 as study_id, 'COMPLETE' as state, 'x' as datetime_start from n
                """);

        assertThatThrownBy(() -> source().studies())
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining("without Optuna's tables");
    }

    @Test
    void a_hostile_revision_is_quoted() throws Exception {
        file.execute("update alembic_version set version_num = 'v9' || char(10) || 'ERROR all is lost'");

        source().studies();

        assertThat(said)
                .singleElement()
                .asString()
                .contains("'v9\\u000aERROR all is lost'")
                .doesNotContain("\n");
    }

    @Test
    void repeated_oddities_do_not_fill_the_memory() {
        Notices notices = new Notices(said::add);
        for (int i = 0; i < 5000; i++) {
            notices.once("oddity " + i);
            notices.once("oddity " + i);
        }
        assertThat(said).hasSize(1000).doesNotHaveDuplicates();
    }
}
