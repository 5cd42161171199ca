package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A database that is whole, and says what can never be. */
@Timeout(120)
class DbCheckIT {

    @TempDir
    private Path directory;

    @Test
    void a_state_that_can_never_be_is_found_in_words_and_by_the_exit_code() {
        WaitingHome home = WaitingHome.in(directory);
        assertThat(home.check("--json").ok().json().path("ok").asBoolean()).isTrue();

        home.write("update stages set status = 'running', due_at = null where trial_id ="
                + " (select trial_id from trials where trial_number = 31)");

        assertThat(home.check().exits(1).out()).contains("ppo_1h/31").contains("backtest");
        JsonNode json = home.check("--json").exits(1).json();
        assertThat(json.path("ok").asBoolean()).isFalse();
        assertThat(json.path("checks")).anySatisfy(check -> {
            assertThat(check.path("check").asString()).isEqualTo("invariants");
            assertThat(check.path("findings")).isNotEmpty();
        });
        assertThat(home.count("select count(*) from stages where status = 'running'"))
                .as("it changes nothing")
                .isEqualTo(1);
    }
}
