package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A study may be called anything, and an error may say anything: on a page it is text, and in JSON a string. */
class HostileTextTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=alert(1)>",
                "</script><script>alert(1)</script>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "{{constructor.constructor('alert(1)')()}}",
                "x\" hx-get=\"/evil\" hx-trigger=\"load",
                "\u001b]0;owned\u0007\u001b[2J",
                "\u202egnp.exe",
                "../../etc/passwd",
                "'; drop table trials; --",
                "a\r\nSet-Cookie: x=1\r\n\r\n<html>"
            })
    void it_stays_what_it_is(String text) throws Exception {
        try (ServedHome home = new ServedHome(directory)) {
            Trial trial = home.sample.trial(text, 7, 1.0, TrialStatus.FAILED, text);
            home.sample.stage(trial, "backtest", StageStatus.FAILED, 1, text, null);

            String page = Scripts.without(home.get("/").body());
            assertThat(page)
                    .doesNotContain("<img", "<script", " onmouseover=\"", " onfocus='", " hx-get=\"", "\u001b")
                    .contains("PAPER");
            JsonNode row = home.json("/api/v1/trials").path("trials").path(0);
            assertThat(row.path("study").asString()).isEqualTo(text);
            assertThat(row.path("reason").asString()).isEqualTo(text);
            assertThat(home.json("/api/v1/trials/" + trial.id()).path("study").asString())
                    .isEqualTo(text);
            assertThat(home.get("/api/v1/trials").headers().map()).doesNotContainKey("set-cookie");
        }
    }

    @Test
    void an_address_is_not_repeated_in_an_answer() throws Exception {
        try (ServedHome home = new ServedHome(directory)) {
            for (String path : new String[] {
                "/%3Cscript%3E",
                "/api/v1/trials?%3Cscript%3E=1",
                "/api/v1/trials?sort=%3Cscript%3E",
                "/api/v1/trials/%3Cscript%3E"
            }) {
                assertThat(home.get(path).body()).as(path).doesNotContain("<script", "%3Cscript");
            }
        }
    }
}
