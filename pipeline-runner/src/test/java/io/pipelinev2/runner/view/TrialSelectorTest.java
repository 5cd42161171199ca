package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialSelectorTest {

    private final SampleStore sample = new SampleStore();

    @Test
    void the_last_slash_parts_study_and_number() {
        assertThat(TrialSelector.parse("7")).isEqualTo(new TrialSelector(null, 7));
        assertThat(TrialSelector.parse("ppo/7")).isEqualTo(new TrialSelector("ppo", 7));
        assertThat(TrialSelector.parse("team/ppo 1h/7")).isEqualTo(new TrialSelector("team/ppo 1h", 7));
        assertThat(TrialSelector.parse("5/7")).isEqualTo(new TrialSelector("5", 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/7", "ppo", "ppo/", "-1", "+1", "1.5", "ppo/x", "2147483648", "99999999999"})
    void what_does_not_name_a_trial_is_malformed(String text) {
        assertThatExceptionOfType(MalformedTrialSelectorException.class)
                .isThrownBy(() -> TrialSelector.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void a_number_alone_is_enough_while_no_two_studies_share_it() {
        sample.trial("a/b", 1, 0.5, TrialStatus.PENDING, null);
        sample.trial("c", 2, 0.5, TrialStatus.PENDING, null);

        assertThat(TrialSelector.parse("1").resolve(sample.store).key()).isEqualTo(new TrialKey("a/b", 1));
        assertThat(TrialSelector.parse("a/b/1").resolve(sample.store).key()).isEqualTo(new TrialKey("a/b", 1));
    }

    @Test
    void a_number_of_several_studies_is_ambiguous_and_the_candidates_are_listed() {
        sample.trial("b", 7, 0.5, TrialStatus.PENDING, null);
        sample.trial("a", 7, 0.5, TrialStatus.PENDING, null);

        assertThatExceptionOfType(AmbiguousTrialException.class)
                .isThrownBy(() -> TrialSelector.parse("7").resolve(sample.store))
                .withMessageContaining("a/7, b/7")
                .satisfies(e -> assertThat(e.candidates()).containsExactly(new TrialKey("a", 7), new TrialKey("b", 7)));
    }

    @Test
    void an_unknown_trial_is_named_as_it_was_given() {
        sample.trial("a", 7, 0.5, TrialStatus.PENDING, null);

        for (String text : new String[] {"8", "a/8", "b/7"}) {
            assertThatExceptionOfType(UnknownTrialException.class)
                    .isThrownBy(() -> TrialSelector.parse(text).resolve(sample.store))
                    .withMessageContaining("no trial " + text + ".");
        }
    }

    @Test
    void what_was_probably_meant_is_said() {
        sample.trial("ppo_1h", 7, 0.5, TrialStatus.PENDING, null);
        sample.trial("ppo_1h", 31, 0.5, TrialStatus.PENDING, null);

        assertThatExceptionOfType(UnknownTrialException.class)
                .isThrownBy(() -> TrialSelector.parse("ppo_lh/7").resolve(sample.store))
                .withMessageContaining("Did you mean ppo_1h/7?");
        assertThatExceptionOfType(UnknownTrialException.class)
                .isThrownBy(() -> TrialSelector.parse("ppo_1h/99").resolve(sample.store))
                .withMessageContaining("Known are numbers from 7 to 31");
        assertThatExceptionOfType(UnknownTrialException.class)
                .isThrownBy(() -> TrialSelector.parse("entirely-else/7").resolve(sample.store))
                .withMessageNotContaining("Did you mean");
    }
}
