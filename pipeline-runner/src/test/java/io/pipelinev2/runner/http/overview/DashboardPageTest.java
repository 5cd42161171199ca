package io.pipelinev2.runner.http.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.Scripts;
import io.pipelinev2.runner.http.ServedDashboard;
import io.pipelinev2.runner.view.SampleStore;
import io.pipelinev2.runner.view.TraderReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardPageTest {

    private final ServedDashboard served = new ServedDashboard();
    private final SampleStore sample = served.sample;

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void an_empty_home_says_what_to_expect() throws Exception {
        assertThat(page())
                .contains(
                        "PAPER",
                        "No trials yet.",
                        "Nothing is deployed yet.",
                        "never",
                        "down",
                        "Start one with `run`.");
    }

    @Test
    void failed_trials_stand_last_with_their_reasons() throws Exception {
        Trial failed = sample.trial("ppo", 9, 9.0, TrialStatus.FAILED, "No model in trial_9_1h\nat Somewhere.java:1");
        sample.stage(failed, "backtest", StageStatus.FAILED, 1, "No model in trial_9_1h", null);
        sample.passed(sample.trial("ppo", 10, 1.0, TrialStatus.COMPLETED, null), 0.5);
        sample.passed(sample.trial("ppo", 11, 1.0, TrialStatus.COMPLETED, null), 0.9, 0.1261, 0.2891, 1314);

        String trials = page().split("<h2>Trials</h2>")[1];

        assertThat(trials.indexOf(">11<")).isLessThan(trials.indexOf(">10<"));
        assertThat(trials.indexOf(">10<")).isLessThan(trials.indexOf(">9<"));
        assertThat(trials)
                .contains("No model in trial_9_1h", "+12.61 %", "28.91 %", "1,314")
                .doesNotContain("Somewhere.java");
    }

    @Test
    void deployments_show_state_in_words_and_what_they_are_worth() throws Exception {
        sample.running(sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 48211);

        assertThat(page()).contains("48211", "1,234.50", ">active<", ">healthy<", "3 min ago");
    }

    @Test
    void a_trader_that_may_not_enter_says_why() throws Exception {
        served.report = new TraderReport(900.0, 900.0, null, TradingState.REDUCING, "daily loss of 5 % reached");
        sample.running(sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 48211);

        assertThat(page()).contains(">reducing<", "900.00", "orders: daily loss of 5 % reached", "Equity (PAPER)");
    }

    @Test
    void troubled_components_say_why() throws Exception {
        sample.alive().monitor().report("deploy", HealthStatus.DEGRADED, "1 of 3 traders is in a crash loop");

        assertThat(page()).contains("Pipeline V2: degraded", "1 of 3 traders is in a crash loop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=alert(1)>",
                "</script><script>alert(1)</script>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "</title></style><svg onload=alert(1)>",
                "&lt;b&gt;{{7*7}}${7*7}"
            })
    void hostile_names_and_messages_are_inert_text(String hostile) throws Exception {
        Trial trial = sample.trial(hostile, 1, 1.0, TrialStatus.FAILED, hostile);
        sample.stage(trial, hostile, StageStatus.FAILED, 2, hostile, null);
        sample.running(trial, 4711);
        sample.alive().monitor().report(hostile, HealthStatus.DOWN, hostile);

        String page = Scripts.without(page());

        assertThat(page)
                .doesNotContain(hostile)
                .doesNotContain("<script", "<img", "<svg onload", "<b>")
                .doesNotContainPattern("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\son[a-z]+=")
                .contains(hostile.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;"));
    }

    @Test
    void the_page_has_no_inline_script_nor_style_and_nothing_from_elsewhere() throws Exception {
        sample.passed(sample.trial("ppo", 10, 1.0, TrialStatus.COMPLETED, null), 0.5);

        assertThat(Scripts.without(page())).doesNotContain("<script", " style=", "<style", "http:", "https:", "//");
    }

    @Test
    void refresh_can_be_paused_without_a_script() throws Exception {
        assertThat(page())
                .contains(
                        "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>",
                        "<noscript><a href=\"/?refresh=off\">Pause refresh</a></noscript>");
        assertThat(served.get("/?refresh=off").body())
                .doesNotContain("http-equiv=\"refresh\"")
                .contains("Resume refresh");
    }

    @Test
    void the_style_is_served_at_the_address_that_the_page_names() throws Exception {
        String href = page().replaceAll("(?s).*rel=\"stylesheet\" href=\"([^\"]+)\".*", "$1");

        assertThat(href).startsWith("/assets/dashboard.css?v=");
        assertThat(served.get(href).headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/css"));
    }

    private String page() throws Exception {
        return served.get("/").body();
    }
}
