package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyPatternTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "*|anything",
                "*|\"\"",
                "ppo_*|ppo_1h",
                "ppo_*|ppo_",
                "ppo_*|ppo_*",
                "*1h|ppo_1h",
                "*o*1*|ppo_1h",
                "p?o|ppo",
                "p?o|p🚀o",
                "[a-z]|[a-z]",
                "{number}|{number}",
                "ppo_\\*|ppo_*",
                "a\\b|a\\b",
                "a\\\\*|a\\b",
                "a\\|a\\",
                "測試*|測試-Überprüfung-🚀",
            })
    void matches(String pattern, String name) {
        assertThat(new StudyPattern(pattern).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "ppo|PPO",
                "ppo|ppo_1h",
                "ppo_*|ppo",
                "*1h|ppo_1h2",
                "p?o|po",
                "[a-z]|a",
                "ppo_\\*|ppo_1h",
                "a.c|abc",
                "\u00e9|e\u0301",
                "\"\"|a",
            })
    void does_not_match(String pattern, String name) {
        assertThat(new StudyPattern(pattern).matches(name)).isFalse();
    }

    @Test
    void is_exact_unless_it_has_a_wildcard() {
        assertThat(new StudyPattern("ppo_[1]").exact()).isTrue();
        assertThat(new StudyPattern("ppo_\\*").exact()).isTrue();
        assertThat(new StudyPattern("ppo_*").exact()).isFalse();
        assertThat(new StudyPattern("ppo_?").exact()).isFalse();
    }

    @Test
    @Timeout(10)
    void takes_no_longer_for_a_pattern_made_to_take_long() {
        assertThat(new StudyPattern("*a".repeat(200) + "b").matches("a".repeat(100_000)))
                .isFalse();
    }
}
