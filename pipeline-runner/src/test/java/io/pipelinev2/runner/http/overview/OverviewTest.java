package io.pipelinev2.runner.http.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.SignedIn;
import io.pipelinev2.runner.view.DisksView;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One look at the overview answers whether it runs, whether anything is wrong, and whether it makes money on paper. */
class OverviewTest {

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

    private String problems() throws Exception {
        return problems(home);
    }

    private static String problems(ServedHome shown) throws Exception {
        return shown.getAsOwner("/").body().split("<h2>Problems</h2>")[1].split("</section>")[0];
    }

    private static void failed(ServedHome shown, int number, String error) {
        Trial trial = shown.sample.trial("ppo", number, 1.0, TrialStatus.FAILED, "backtest: " + error);
        StageRun run = shown.sample.stage(trial, "backtest", StageStatus.RUNNING, 1, null, null);
        shown.store.write(tx -> {
            tx.update(run, run.ended(StageStatus.FAILED, shown.clock.now(), error, "not retried: " + error, null));
            return null;
        });
    }

    private Deployment unwell(int number, DeploymentHealth health, DeploymentStatus status, String reason) {
        Trial trial = home.sample.trial("ppo", number, 1.0, TrialStatus.DEPLOYED, null);
        return home.sample.deployment(
                Deployment.wanted(trial.id(), trial.key(), "abc", "rank 1 of 26", null, home.clock.now())
                        .change()
                        .status(status)
                        .health(health, reason)
                        .done());
    }

    private void alert(String rule, String subject, String message) {
        home.store.write(
                tx -> tx.insert(Alert.opened(rule, subject, Alert.Severity.CRITICAL, message, home.clock.now())));
    }

    @Test
    void nothing_needs_you_while_all_is_well() throws Exception {
        home.sample.alive();
        Trial rejected = home.sample.trial("ppo", 8, 1.0, TrialStatus.FAILED, "backtest: it never traded");
        home.sample.stage(rejected, "backtest", StageStatus.FAILED, 1, "it never traded", null);

        assertThat(problems()).contains("Nothing needs you.").doesNotContain("it never traded");
    }

    @Test
    void each_problem_has_its_one_action() throws Exception {
        home.sample.alive().monitor().report("disk", HealthStatus.DOWN, "nothing new is begun: 0.1 GB left");
        home.sample.monitor().report("discovery", HealthStatus.DEGRADED, "the study cannot be read");
        home.store.write(tx -> {
            tx.put(StageHold.paused("cge_stress", "paused by ada: new data", "ada", "cli", home.clock.now()));
            return null;
        });
        failed(home, 9, "No model in trial_9");
        failed(home, 21, "disk quota of 7 exceeded");
        failed(home, 22, "disk quota of 8 exceeded");
        Deployment loops = unwell(31, DeploymentHealth.CRASH_LOOP, DeploymentStatus.CRASHED, "4 crashes in 10 min");
        Deployment hangs = unwell(32, DeploymentHealth.HUNG, DeploymentStatus.RUNNING, "no progress for 90 s");
        Deployment waits = unwell(33, DeploymentHealth.BACKOFF, DeploymentStatus.CRASHED, "exit code 1");
        alert("crash_loop", "ppo/31", "told twice");
        alert("drift", "ppo/40", "The PAPER results drift.");

        assertThat(problems())
                .contains(
                        "0.1 GB left",
                        "href=\"/health?component=disk\"",
                        "the study cannot be read",
                        "href=\"/health?component=discovery\"",
                        "paused by ada: new data",
                        "href=\"/stages/cge_stress/actions/unpause\">Unpause",
                        "backtest: No model in trial_9",
                        "/actions/retry\">Retry",
                        "2 trials",
                        "href=\"/trials/actions/retry?status=failed&amp;text=disk+quota+of\">Retry all",
                        "backtest: disk quota of … exceeded",
                        "4 crashes in 10 min",
                        "href=\"/trials/" + loops.trialId() + "/actions/reset\">Reset",
                        "no progress for 90 s",
                        "href=\"/trials/" + hangs.trialId() + "/actions/restart\">Restart",
                        "href=\"/deployments/" + waits.id() + "/log\">Its log",
                        "The PAPER results drift.",
                        "/actions/ack\">Acknowledge")
                .doesNotContain("told twice", "Nothing needs you");
    }

    @Test
    void where_nothing_can_be_changed_there_is_something_to_look_at() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ServedHome readOnly = new ServedHome(other, ServedHome.readOnly())) {
            failed(readOnly, 9, "No model in trial_9");

            assertThat(problems(readOnly)).contains("No model", ">Look<").doesNotContain("/actions/");
        }
    }

    @Test
    void a_stage_is_unpaused_from_a_page_that_says_so_first() throws Exception {
        home.store.write(tx -> {
            tx.put(StageHold.paused("cge_stress", "new <b>data</b>", "ada", "cli", home.clock.now()));
            return null;
        });
        String path = "/stages/cge_stress/actions/unpause";
        assertThat(home.get(path).headers().firstValue("Location")).hasValue("/login?next=" + SignedIn.encoded(path));
        SignedIn owner = SignedIn.asOwner(home);

        HttpResponse<String> confirm = owner.get(path);
        assertThat(confirm.body()).contains("new &lt;b&gt;data", "Yes, unpause", "No, go back");
        HttpResponse<String> done = owner.send(path, SignedIn.fields(confirm, "reason=done"));

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(home.store.<List<StageHold>>read(tx -> tx.holds())).isEmpty();
        assertThat(owner.get("/stages/none/actions/unpause").statusCode()).isEqualTo(404);
    }

    @Test
    void tiles_tell_what_ran_when_and_what_is_left() throws Exception {
        home.sample.alive();
        home.store.write(tx -> {
            tx.put(
                    DisksView.SETTING,
                    "{\"disks\":[{\"path\":\"/a\",\"total_bytes\":10e9,\"free_bytes\":1e9,\"written\":false},"
                            + "{\"path\":\"/b\",\"total_bytes\":10e9,\"free_bytes\":4e9,\"days_to_full\":2.5,\"written\":true}]}");
            return null;
        });

        assertThat(home.get("/").body().split("<h2>Problems</h2>")[0])
                .contains(
                        "up for ",
                        "Last discovery",
                        "Health last run",
                        ">4.0 GB<",
                        "full in 2.5 days",
                        "Open alerts",
                        "href=\"/trials?status=failed\"");
    }

    @Test
    void accounts_are_drawn_and_summed_up_and_what_comes_later_is_added() throws Exception {
        Deployment one = deployed(7);
        Deployment other = deployed(8);
        bar(one, 1, null, 1000.0, Duration.ofDays(1));
        bar(one, 2, 1L, 1100.0, Duration.ofDays(1));
        bar(one, 3, 2L, 1050.0, Duration.ZERO);
        bar(other, 1, null, 500.0, Duration.ZERO);
        bar(other, 2, 1L, 480.0, Duration.ZERO);
        bar(other, 3, 2L, 490.0, Duration.ZERO);

        String first = home.get("/").body().split("<h2>Deployments</h2>")[1];
        assertThat(first)
                .contains("class=\"spark\"", "+50.00", "\u221250.00", "\u221210.00", "All 2", "+40.00", "1,540.00")
                .contains("\u221260.00");

        bar(other, 4, 3L, 520.0, Duration.ZERO);
        assertThat(home.get("/").body().split("<h2>Deployments</h2>")[1]).contains("+20.00", "1,570.00");
        assertThat(home.get("/deployments").body())
                .contains("+20.00", "4.55 %", "4.00 %", "All 2", "?show=healthy", "healthy 2");
        assertThat(home.get("/deployments?show=crash_loop").body()).contains("No deployment is as asked for.");
        assertThat(home.get("/deployments?show=colour").statusCode()).isEqualTo(400);
    }

    private Deployment deployed(int number) {
        return home.sample.running(home.sample.trial("ppo", number, 1.0, TrialStatus.DEPLOYED, null), 4000 + number);
    }

    private void bar(Deployment deployment, long sequence, Long step, Double equity, Duration before) {
        home.store.write(tx -> {
            tx.append(List.of(new LedgerEntry(
                    deployment.id(),
                    sequence,
                    step == null ? "open" : "bar",
                    home.clock.now().minus(before),
                    step,
                    equity,
                    Map.of())));
            return null;
        });
    }
}
