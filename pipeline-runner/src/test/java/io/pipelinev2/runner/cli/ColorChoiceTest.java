package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColorChoiceTest {

    @Test
    void automatically_there_are_colours_on_a_terminal_alone() {
        assertThat(ColorChoice.AUTO.isOn(Map.of(), true)).isTrue();
        assertThat(ColorChoice.AUTO.isOn(Map.of("TERM", "xterm"), false)).isFalse();
    }

    @Test
    void the_environment_may_speak_against_it() {
        assertThat(ColorChoice.AUTO.isOn(Map.of("NO_COLOR", "0"), true)).isFalse();
        assertThat(ColorChoice.AUTO.isOn(Map.of("NO_COLOR", ""), true))
                .as("no-color.org: an empty variable is none")
                .isTrue();
        assertThat(ColorChoice.AUTO.isOn(Map.of("TERM", "dumb"), true)).isFalse();
    }

    @Test
    void what_is_asked_for_holds_whatever_the_environment_says() {
        assertThat(ColorChoice.ALWAYS.isOn(Map.of("NO_COLOR", "1", "TERM", "dumb"), false))
                .isTrue();
        assertThat(ColorChoice.NEVER.isOn(Map.of(), true)).isFalse();
    }

    @Test
    void help_heeds_it_before_anything_is_parsed() {
        assertThat(ColorChoice.in("trials", "--help", "--color=never")).isEqualTo(ColorChoice.NEVER);
        assertThat(ColorChoice.in("trials", "--color=ALWAYS", "--help")).isEqualTo(ColorChoice.ALWAYS);
        assertThat(ColorChoice.in("--help")).isEqualTo(ColorChoice.AUTO);
    }
}
