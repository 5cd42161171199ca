package io.pipelinev2.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.PipelineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTemplateTest {

    @Test
    void values_are_filled_in_after_splitting_so_that_none_becomes_two_arguments() {
        CommandTemplate template = new CommandTemplate(List.of("trade", "--study={study}", "{number}"));

        assertThat(template.fill(Map.of("study", "a b; rm -rf $HOME", "number", "7")))
                .containsExactly("trade", "--study=a b; rm -rf $HOME", "7");
    }

    @Test
    void a_value_that_looks_like_a_place_is_not_filled_in_again() {
        CommandTemplate template = new CommandTemplate(List.of("trade", "{study}", "{state_dir}"));

        assertThat(template.fill(Map.of("study", "{state_dir}$1", "state_dir", "/s")))
                .containsExactly("trade", "{state_dir}$1", "/s");
    }

    @Test
    void a_value_cannot_become_an_option() {
        CommandTemplate template = new CommandTemplate(List.of("trade", "{study}"));

        assertThatThrownBy(() -> template.fill(Map.of("study", "--live")))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("--live")
                .hasMessageContaining("read as an option");
        assertThat(new CommandTemplate(List.of("trade", "-s{study}")).fill(Map.of("study", "-x")))
                .containsExactly("trade", "-s-x");
    }

    @Test
    void a_value_cannot_hold_a_nul() {
        CommandTemplate template = new CommandTemplate(List.of("trade", "{study}"));

        assertThatThrownBy(() -> template.fill(Map.of("study", "a\0b"))).hasMessageContaining("NUL");
    }

    @Test
    void a_template_that_makes_no_sense_is_refused_at_once() {
        assertThatThrownBy(() -> new CommandTemplate(List.of())).hasMessageContaining("begin with a program");
        assertThatThrownBy(() -> new CommandTemplate(List.of("-c", "x"))).hasMessageContaining("begin with a program");
        assertThatThrownBy(() -> new CommandTemplate(List.of("{study}"))).hasMessageContaining("begin with a program");
        assertThatThrownBy(() -> new CommandTemplate(List.of("trade", "{modeldir}")))
                .hasMessageContaining("{modeldir}")
                .hasMessageContaining("model_dir");
    }
}
