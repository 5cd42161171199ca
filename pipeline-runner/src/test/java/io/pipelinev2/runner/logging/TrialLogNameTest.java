package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialLogNameTest {

    @Test
    void a_plain_study_is_recognized_in_its_file_name() {
        assertThat(TrialLogName.of("ppo_1h-v2.1", 7)).isEqualTo("ppo_1h-v2.1-7.log");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "...",
                ".hidden",
                "../../etc/passwd",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "a\0b",
                "a\nb",
                "",
                " ",
                "~",
                "\u001b[31m",
                "日本語",
                "a@1",
                "ppo#2",
                "CON:"
            })
    void a_hostile_study_stays_inside_the_directory(String study) {
        String name = TrialLogName.of(study, 7);

        assertThat(name).matches("[A-Za-z0-9_-][A-Za-z0-9._-]*~[0-9a-f]{8}-7\\.log|~[0-9a-f]{8}-7\\.log");
        assertThat(Path.of("/trials").resolve(name).normalize()).hasParentRaw(Path.of("/trials"));
    }

    @Test
    void a_long_study_gets_a_name_that_file_systems_take() {
        assertThat(TrialLogName.of("x".repeat(100_000), Integer.MAX_VALUE)).hasSizeLessThan(120);
    }

    @Test
    void studies_that_look_alike_have_files_of_their_own() {
        assertThat(TrialLogName.of("a/b", 1))
                .isNotEqualTo(TrialLogName.of("a\\b", 1))
                .isNotEqualTo(TrialLogName.of("a_b", 1));
        assertThat(TrialLogName.of("x".repeat(90), 1)).isNotEqualTo(TrialLogName.of("x".repeat(91), 1));
        assertThat(TrialLogName.of(TrialLogName.of("a/b", 1).replace("-1.log", ""), 1))
                .isNotEqualTo(TrialLogName.of("a/b", 1));
    }
}
