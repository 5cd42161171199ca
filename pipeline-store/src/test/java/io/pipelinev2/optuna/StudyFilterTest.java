package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StudyFilterTest {

    private final List<String> said = new ArrayList<>();
    private final Notices notices = new Notices(said::add);

    private static List<SourceStudy> studies(String... names) {
        return IntStream.range(0, names.length)
                .mapToObj(i -> new SourceStudy(i + 1, names[i], List.of(Direction.MAXIMIZE)))
                .toList();
    }

    @Test
    void keeps_the_studies_that_a_name_or_pattern_matches_once_and_in_order() {
        StudyFilter filter = new StudyFilter(List.of("ppo_*", "ppo_1h", "sac"), notices);

        assertThat(filter.of(studies("ppo_1h", "dqn", "sac", "ppo_4h")))
                .extracting(SourceStudy::name)
                .containsExactly("ppo_1h", "sac", "ppo_4h");
        assertThat(said).isEmpty();
    }

    @Test
    void a_name_that_no_study_has_is_said_once_with_the_names_there_are() {
        StudyFilter filter = new StudyFilter(List.of("ppo1h", "*_4h"), notices);

        assertThat(filter.of(studies("ppo_1h", "line\nbreak"))).isEmpty();
        assertThat(filter.of(studies("ppo_1h", "line\nbreak", "third"))).isEmpty();

        assertThat(said)
                .singleElement()
                .asString()
                .contains("optuna.studies names 'ppo1h'", "It has: 'ppo_1h', 'line\\u000abreak'", "Correct the name");
    }

    @Test
    void of_very_many_studies_some_are_named() {
        String[] names = IntStream.range(0, 1000).mapToObj(i -> "study" + i).toArray(String[]::new);

        new StudyFilter(List.of("x"), notices).of(studies(names));

        assertThat(said)
                .singleElement()
                .asString()
                .contains("'study19' and 980 more")
                .doesNotContain("study20");
    }

    @Test
    void a_study_without_a_name_cannot_be_followed() {
        assertThat(new StudyFilter(List.of("*"), notices).of(studies("", "a")))
                .extracting(SourceStudy::name)
                .containsExactly("a");
        assertThat(said).singleElement().asString().contains("Study 1 has an empty name");
    }
}
