package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an operator may do, with the daemon down and with one that is up, twice, and where it cannot be done. */
@Timeout(120)
class OperatorVerbsIT {

    private static final String DECIDED = "select count(*) from trials where status in ('completed', 'failed')";
    private static final String RUNNING = "select count(*) from attempts where outcome = 'running'";
    private static final String ATTEMPTS = "select count(*) from attempts";
    private static final String ME = System.getProperty("user.name");

    /** What would move a cursor, begin a line of its own, and turn what follows around. */
    private static final String HOSTILE = "bad\u001b[2J\nnews\u202e";

    private static final String INERT = "bad\\u001b[2J\\nnews\\u202e";

    @TempDir
    private Path directory;

    private WaitingHome home;
    private Program.@Nullable Running daemon;

    private void open(boolean withDaemon) {
        open(withDaemon, "\"enabled\": false");
    }

    private void open(boolean withDaemon, String deploy) {
        home = new WaitingHome(directory, "", deploy);
        daemon = withDaemon ? home.daemon() : null;
    }

    @AfterEach
    void all_ends_in_order() {
        if (daemon != null) {
            assertThat(daemon.terminate().exitCode()).isEqualTo(143);
        }
        home.assertSound();
    }

    /** What there is to do is done: by the daemon, if there is one. */
    private void work() {
        if (daemon == null) {
            home.run("once").ok();
        }
    }

    private String said(String command, String... arguments) {
        return home.run(command, arguments).ok().out().strip();
    }

    private void assertEvent(String type, @Nullable Integer trial, @Nullable String stage, String message) {
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode event :
                home.run("events", "--json", "-n", "1000").ok().json().path("events")) {
            if (event.path("type").asString().equals(type)
                    && event.path("message").asString().equals(message)) {
                events.add(event);
            }
        }
        assertThat(events).as("%s: %s", type, message).singleElement().satisfies(event -> {
            assertThat(event.path("actor").asString()).isEqualTo(ME);
            assertThat(event.path("origin").asString()).isEqualTo("cli");
            assertThat(event.path("stage").asString(null)).isEqualTo(stage);
            assertThat(event.path("number").asInt(-1)).isEqualTo(trial == null ? -1 : trial);
        });
        assertThat(said("events", "-n", "1000").lines())
                .filteredOn(line -> line.contains(" " + type + " ") && line.contains("  " + message))
                .as("%s as a line", type)
                .singleElement()
                .asString()
                .contains(trial == null ? " – " : " ppo_1h/" + trial + " ")
                .endsWith("  " + message + " (by " + ME + ", cli)");
    }

    @ParameterizedTest(name = "with a daemon: {0}")
    @ValueSource(booleans = {false, true})
    void a_parked_trial_stands_still_until_it_is_unparked(boolean withDaemon) {
        open(withDaemon);
        assertThat(said("park", "31", "--reason", "odd parameters"))
                .isEqualTo("Trial ppo_1h/31 is parked. `unpark ppo_1h/31` lets it go on.");
        assertThat(said("park", "31", "--reason", "again"))
                .isEqualTo("Trial ppo_1h/31 is parked already: parked by " + ME + ": odd parameters");
        home.begin();
        work();
        home.awaitCount(DECIDED, WaitingHome.TRIALS - 1);
        assertThat(home.status(31)).isEqualTo("pending");
        assertThat(home.trial(31).path("held_reason").asString()).isEqualTo("parked by " + ME + ": odd parameters");

        assertThat(said("unpark", "ppo_1h/31", "--reason", "looked at")).isEqualTo("Trial ppo_1h/31 goes on.");
        assertThat(said("unpark", "31")).isEqualTo("Trial ppo_1h/31 is not parked.");
        work();
        home.awaitStatus(31, "completed");
        assertEvent("operator_park", 31, null, "parked by " + ME + ": odd parameters");
        assertEvent("operator_unpark", 31, null, "unparked by " + ME + ": looked at");
    }

    @ParameterizedTest(name = "with a daemon: {0}")
    @ValueSource(booleans = {false, true})
    void a_cancelled_trial_has_failed_and_can_be_retried(boolean withDaemon) {
        open(withDaemon);
        assertThat(said("cancel", "31", "--reason", "wrong study")).isEqualTo("Trial ppo_1h/31 is cancelled.");
        String why = "cancelled by " + ME + ": wrong study";
        assertThat(said("cancel", "31", "--reason", "again")).isEqualTo("Trial ppo_1h/31 has failed already: " + why);
        home.begin();
        work();
        home.awaitCount(DECIDED, WaitingHome.TRIALS);
        assertThat(home.status(31)).isEqualTo("failed");
        assertThat(home.trial(31).path("reason").asString()).isEqualTo(why);
        assertThat(home.trial(31).at("/stages/backtest/attempts").asInt()).isZero();

        assertThat(said("retry", "31", "--reason", "it was right"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is due again.");
        work();
        home.awaitStatus(31, "completed");
        assertEvent("operator_cancel", 31, null, why);
        assertEvent("operator_retry", 31, "backtest", "Stage backtest is due again: it was right");
    }

    @Test
    void what_a_cancelled_trial_is_at_is_told_to_end_and_not_applied() throws Exception {
        open(true);
        int running;
        try (Connection study = home.occupiedStudy()) {
            home.begin();
            home.awaitCount(RUNNING, 2);
            running = home.count("select t.trial_number from attempts a join trials t on t.trial_id = a.trial_id"
                    + " where a.outcome = 'running' order by 1 limit 1");
            said("cancel", Integer.toString(running), "--reason", "enough");
            assertThat(home.status(running)).isEqualTo("failed");
            assertThat(study.isClosed()).isFalse();
        }
        home.awaitCount(DECIDED, WaitingHome.TRIALS);
        assertThat(home.status(running)).isEqualTo("failed");
        assertThat(home.rows("select a.outcome from attempts a join trials t on t.trial_id = a.trial_id"
                        + " where t.trial_number = " + running))
                .containsExactly("cancelled");
    }

    @ParameterizedTest(name = "with a daemon: {0}")
    @ValueSource(booleans = {false, true})
    void nothing_is_begun_while_a_stage_or_all_are_paused(boolean withDaemon) {
        open(withDaemon);
        assertThat(said("pause", "backtest", "--reason", "again"))
                .isEqualTo("Stage backtest is paused already, paused by " + ME + ": until the test begins.");
        assertThat(said("pause", "--reason", "maintenance"))
                .isEqualTo("All stages are paused: nothing more is begun of them. `unpause` ends it.");
        assertThat(said("pause")).isEqualTo("All stages are paused already, paused by " + ME + ": maintenance.");
        assertThat(said("status"))
                .contains("paused      all stages: paused by " + ME + ": maintenance (since ")
                .contains("paused      backtest: paused by " + ME + ": until the test begins (since ");
        JsonNode holds = home.run("status", "--json").ok().json().path("holds");
        assertThat(holds).hasSize(2).allSatisfy(hold -> {
            assertThat(hold.path("kind").asString()).isEqualTo("paused");
            assertThat(hold.path("actor").asString()).isEqualTo(ME);
        });
        assertThat(holds).extracting(hold -> hold.path("stage").asString()).containsExactlyInAnyOrder("*", "backtest");

        home.begin();
        if (!withDaemon) {
            assertThat(home.run("once").ok().err())
                    .contains("Held: all stages, paused by " + ME + ": maintenance (`unpause` lets them go on)")
                    .doesNotContain("backtest,");
        }
        assertThat(said("unpause", "backtest"))
                .isEqualTo("Stage backtest is not paused; held are all stages together (`unpause`).");
        assertThat(home.count(ATTEMPTS)).isZero();

        assertThat(said("unpause", "--reason", "done")).isEqualTo("All stages are going again.");
        assertThat(said("unpause")).isEqualTo("There is no pause of all stages.");
        work();
        home.awaitCount(DECIDED, WaitingHome.TRIALS);
        assertThat(said("status")).doesNotContain("paused");
        assertEvent("operator_pause", null, "backtest", "paused by " + ME + ": until the test begins");
        assertEvent("operator_pause", null, null, "paused by " + ME + ": maintenance");
        assertEvent("operator_unpause", null, null, "unpaused by " + ME + ": done");
    }

    @Test
    void a_pause_lets_what_runs_go_on_to_its_end() throws Exception {
        open(true);
        try (Connection study = home.occupiedStudy()) {
            home.begin();
            home.awaitCount(RUNNING, 2);
            said("pause", "backtest");
            assertThat(study.isClosed()).isFalse();
        }
        home.awaitCount(RUNNING, 0);
        assertThat(home.rows("select outcome from attempts")).containsExactly("passed", "passed");
        home.begin();
        home.awaitCount(DECIDED, WaitingHome.TRIALS);
    }

    @ParameterizedTest(name = "with a daemon: {0}")
    @ValueSource(booleans = {false, true})
    void a_stage_is_gone_through_again_and_from_it_on_all_that_follow(boolean withDaemon) {
        // a stage that follows, and starts nothing
        open(withDaemon, "\"max_deployed\": 0");
        String rankedOut = "select count(*) from events e join trials t on t.trial_id = e.trial_id"
                + " where e.type = 'trial_ranked_out' and t.trial_number = 31";
        String passed = "select count(*) from attempts a join trials t on t.trial_id = a.trial_id"
                + " where a.outcome = 'passed' and t.trial_number = 31";
        home.begin();
        work();
        home.awaitCount(DECIDED, WaitingHome.TRIALS);

        said("pause", "backtest");
        assertThat(said("retry", "31", "backtest", "--reason", "new data"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is due again.");
        assertThat(said("retry", "31", "backtest")).isEqualTo("Stage backtest of trial ppo_1h/31 is due already.");
        assertThat(home.status(31)).isEqualTo("processing");
        home.begin();
        work();
        home.awaitStatus(31, "completed");
        assertThat(home.count(passed)).isEqualTo(2);
        assertThat(home.count(rankedOut)).as("what follows stays as it was").isEqualTo(1);

        said("pause", "backtest");
        assertThat(said("retry", "31", "backtest", "--from"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is due again, and all after it.");
        assertThat(said("retry", "31", "backtest", "--from"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is due already.");
        home.begin();
        work();
        home.awaitStatus(31, "completed");
        assertThat(home.count(passed)).isEqualTo(3);
        assertThat(home.count(rankedOut)).isEqualTo(2);
        assertEvent("operator_retry", 31, "backtest", "Stage backtest is due again: new data");
        assertEvent("operator_retry", 31, "backtest", "Stage backtest is due again, and all after it");
    }

    @ParameterizedTest(name = "with a daemon: {0}")
    @ValueSource(booleans = {false, true})
    void a_skipped_stage_counts_as_passed(boolean withDaemon) {
        open(withDaemon);
        assertThat(said("skip", "31", "backtest", "--reason", "known to be good"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is skipped; the trial goes on.");
        assertThat(said("skip", "31", "backtest", "--reason", "again"))
                .isEqualTo("Stage backtest of trial ppo_1h/31 is skipped already: skipped by " + ME
                        + ": known to be good");
        work();
        home.awaitStatus(31, "completed");
        assertThat(home.count(ATTEMPTS)).isZero();
        assertEvent("operator_skip", 31, "backtest", "known to be good");
    }

    @Test
    void a_drain_of_nothing_is_none_of_what_is_started_later() {
        open(false);
        assertThat(said("drain", "--reason", "new version"))
                .isEqualTo("Whatever runs here was asked to finish what it has begun, and to end.\n"
                        + "Nothing runs here at present.");
        said("drain");
        assertEvent("operator_drain", null, null, "drained by " + ME + ": new version");
        home.begin();
        work();
        assertThat(home.count(DECIDED)).isEqualTo(WaitingHome.TRIALS);
    }

    @Test
    void what_cannot_be_done_says_so_by_its_exit_code() {
        open(false);
        for (String[] unknown : new String[][] {
            {"park", "777", "--reason", "x"},
            {"unpark", "777"},
            {"cancel", "777", "--reason", "x"},
            {"retry", "777"},
            {"retry", "777", "backtest", "--from"},
            {"skip", "nostudy/31", "backtest", "--reason", "x"},
        }) {
            assertThat(run(unknown).exits(3).err()).contains(unknown[1]);
        }
        for (String[] noStage : new String[][] {
            {"pause", "montecarlo"},
            {"unpause", "montecarlo"},
            {"pause", "*"},
            {"retry", "31", "montecarlo"},
            {"skip", "31", "montecarlo", "--reason", "x"},
        }) {
            assertThat(run(noStage).exits(8).err())
                    .contains(noStage[0].endsWith("pause") ? noStage[1] : noStage[2])
                    .contains("backtest");
        }
        for (String[] noReason : new String[][] {{"park", "31"}, {"cancel", "31"}, {"skip", "31", "backtest"}}) {
            assertThat(run(noReason).exits(2).err()).contains("--reason");
            assertThat(run(with(noReason, "--reason", " ")).exits(8).err()).contains("needs a reason in words");
        }
        assertThat(home.count("select count(*) from events where type like 'operator%'"))
                .as("nothing but the pause of before was recorded")
                .isEqualTo(1);

        home.begin();
        work();
        for (String[] decided : new String[][] {
            {"park", "31", "--reason", "late"},
            {"cancel", "31", "--reason", "late"},
            {"skip", "31", "backtest", "--reason", "late"},
            {"retry", "31"},
            {"park", "9", "--reason", "late"},
        }) {
            assertThat(run(decided).exits(8).err()).contains("ppo_1h/" + decided[1]);
        }
        assertThat(run("unpark", "31").ok().out()).contains("is not parked");
    }

    private CommandLineRun.Result run(String... words) {
        return home.run(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    private static String[] with(String[] words, String... more) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void a_reason_is_kept_as_it_is_and_shown_without_what_would_move_the_terminal() {
        open(false);
        said("park", "30", "--reason", HOSTILE);
        said("cancel", "31", "--reason", HOSTILE);
        said("pause", "--reason", HOSTILE);
        List<CommandLineRun.Result> shown = List.of(
                run("events"),
                run("status"),
                run("trials"),
                run("show", "30"),
                run("show", "31"),
                run("once"),
                run("park", "30", "--reason", "x"),
                run("cancel", "31", "--reason", "x"),
                run("pause"));
        for (CommandLineRun.Result each : shown) {
            assertThat(each.ok().out() + each.err()).contains(INERT).doesNotContain("\u001b", "\u202e", "bad\n");
        }
        assertThat(run("deploy", "31").exits(8).err()).contains(INERT).doesNotContain("\u001b", "\u202e");
        assertThat(home.run("events", "--json").ok().json().path("events"))
                .extracting(event -> event.path("message").asString())
                .contains("parked by " + ME + ": " + HOSTILE, "paused by " + ME + ": " + HOSTILE);
        said("unpause");
    }
}
