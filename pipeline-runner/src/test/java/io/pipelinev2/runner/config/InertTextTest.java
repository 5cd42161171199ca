package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InertTextTest {

    @Test
    void text_of_any_language_stays() {
        assertThat(InertText.of("ppo 1h – 日本語 ñ 🚀")).isEqualTo("ppo 1h – 日本語 ñ 🚀");
    }

    @Test
    void what_a_terminal_would_obey_is_escaped() {
        assertThat(InertText.of("a\u001b[31mb\r\n\tc\u009b2J\u202ed\u2028e\u0000"))
                .isEqualTo("a\\u001b[31mb\\r\\n\\tc\\u009b2J\\u202ed\\u2028e\\u0000");
        assertThat(InertText.of("half \ud83d pair")).isEqualTo("half \\ud83d pair");
    }
}
