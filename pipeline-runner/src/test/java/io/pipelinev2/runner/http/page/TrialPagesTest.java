package io.pipelinev2.runner.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.Scripts;
import io.pipelinev2.runner.http.ServedHome;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of trials, without a script: filters are a form, pages are links. */
class TrialPagesTest {

    private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void pages_keep_their_filters() throws Exception {
        for (int i = 0; i < 5; i++) {
            home.sample.trial("a&b", i, 1.0 * i, i == 3 ? TrialStatus.FAILED : TrialStatus.PENDING, "because " + i);
        }

        String first = home.get("/trials?study=a%26b&status=pending&sort=value&order=desc&limit=2&text=")
                .body();
        Matcher next = NEXT.matcher(first);
        assertThat(next.find()).isTrue();
        String second = home.get(next.group(1).replace("&amp;", "&")).body();

        assertThat(first).contains("because 4", "because 2").doesNotContain("because 1", "because 3");
        assertThat(second)
                .contains("because 1", "because 0", "value=\"a&amp;b\"")
                .doesNotContain("rel=\"next\"");
        assertThat(home.get("/trials?study=nowhere").body()).contains("No trial is as asked for.");
        assertThat(home.get("/trials?sort=name").statusCode()).isEqualTo(400);
    }

    @Test
    void why_a_trial_failed_is_one_step_from_the_list() throws Exception {
        Trial trial = home.sample.trial("ppo", 25, 1.0, TrialStatus.FAILED, "gate: Sharpe 0.4 < 1");
        Map<String, Object> gate = new LinkedHashMap<>();
        gate.put("gate", "sharpe");
        gate.put("comparison", ">=");
        gate.put("threshold", 1.0);
        gate.put("value", 0.4);
        gate.put("passed", false);
        gate.put("words", "Sharpe 0.4 is below 1");
        StageRun stage = home.sample.stage(
                trial,
                "backtest",
                StageStatus.FAILED,
                1,
                "gate: Sharpe 0.4 < 1",
                Map.of("gates", List.of(gate), "metrics", Map.of("sharpe", 0.4)));
        home.store.write(tx -> tx.insert(new Attempt(
                0,
                stage.id(),
                trial.id(),
                "backtest",
                1,
                1,
                "runner",
                "host",
                home.clock.now(),
                home.clock.now().plusSeconds(5),
                Attempt.Outcome.ERROR,
                "<b>no</b> data",
                "java.lang.IllegalStateException: <i>trace</i>")));

        assertThat(home.get("/").body()).contains("href=\"/trials/" + trial.id() + "\"", "gate: Sharpe 0.4 &lt; 1");
        assertThat(home.get("/trials").body()).contains("href=\"/trials/" + trial.id() + "\"");
        String page = Scripts.without(home.get("/trials/" + trial.id()).body());

        assertThat(page)
                .contains(
                        "gate: Sharpe 0.4 &lt; 1",
                        "Sharpe 0.4 is below 1",
                        "&gt;= 1.0000",
                        "&lt;b&gt;no&lt;/b&gt; data",
                        "&lt;i&gt;trace&lt;/i&gt;",
                        "/log\"")
                .doesNotContain("<b>no", "<i>trace", "<script");
        assertThat(home.get("/trials/424242").statusCode()).isEqualTo(404);
    }

    @Test
    void the_reason_is_said_once_and_by_a_stage_that_has_another() throws Exception {
        Trial trial = home.sample.trial("ppo", 25, 1.0, TrialStatus.FAILED, "backtest: the model never trades");
        home.sample.stage(trial, "backtest", StageStatus.FAILED, 1, "the model never trades", null);
        home.sample.stage(trial, "deploy", StageStatus.SKIPPED, 0, "nothing to deploy", null);

        String page = home.get("/trials/" + trial.id()).body();

        assertThat(page).containsOnlyOnce("the model never trades").contains("nothing to deploy");
    }

    @Test
    void any_number_leads_to_its_trial() throws Exception {
        Trial trial = home.sample.trial("ppo", 4242, 1.0, TrialStatus.PENDING, null);
        home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null);
        home.sample.trial("sac", 7, 1.0, TrialStatus.PENDING, null);

        HttpResponse<String> one = home.get("/trials?number=4242&go=trial");

        assertThat(home.get("/trials").body()).contains("Go to trial number", "name=\"go\" value=\"trial\"");
        assertThat(one.statusCode()).isEqualTo(303);
        assertThat(one.headers().firstValue("Location")).hasValue("/trials/" + trial.id());
        assertThat(home.get("/trials?number=7&go=trial").body())
                .contains("<span class=\"study\">ppo/", "<span class=\"study\">sac/");
        assertThat(home.get("/trials?number=8&go=trial").body()).contains("No trial is as asked for.");
        assertThat(home.get("/trials?number=x&go=trial").statusCode()).isEqualTo(400);
    }

    @Test
    void trials_tell_when_they_changed_and_are_sorted_by_that() throws Exception {
        Trial old = home.sample.trial("ppo", 1, 1.0, TrialStatus.PENDING, null);
        home.sample.trial("ppo", 2, 1.0, TrialStatus.PENDING, null);
        home.clock.advance(Duration.ofHours(3));
        home.sample.held(old, "it waits");

        String page = home.get("/trials?sort=updated&order=desc&limit=1").body();

        assertThat(page).contains(">Updated</th>", "it waits", "<time class=\"ago\"");
    }

    @Test
    void the_curve_of_a_backtest_is_drawn_with_its_drawdown() throws Exception {
        Trial trial = home.sample.trial("ppo", 3, 1.0, TrialStatus.COMPLETED, null);
        home.sample.passed(trial, 1.0);
        home.store.write(tx -> {
            tx.put(trial.id(), "backtest", List.of(new Series("equity", "d1", new double[] {1000, 1200, 900, 1100})));
            return null;
        });

        String page = home.get("/trials/" + trial.id()).body();

        assertThat(page)
                .contains(
                        "Equity over 4 bars: lowest 900.00, highest 1,200.00, last 1,100.00.",
                        "Drawdown over 4 bars: lowest \u221225.00 %",
                        "View Drawdown as a table",
                        "role=\"img\"");
        Trial without = home.sample.trial("ppo", 4, 1.0, TrialStatus.PENDING, null);
        assertThat(home.get("/trials/" + without.id()).body()).doesNotContain("class=\"chart\"");
    }
}
