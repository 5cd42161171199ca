package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers beside a daemon: they share its work, and it takes over theirs. */
@Timeout(120)
class WorkerIT {

    private static final String RUNNING = "select count(*) from attempts where outcome = 'running'";
    private static final String DECIDED = "select count(*) from trials where status in ('completed', 'failed')";

    @TempDir
    private Path directory;

    @Test
    void both_work_and_what_a_killed_worker_was_at_is_taken_over_long_before_its_lease_ends() throws Exception {
        WaitingHome home =
                new WaitingHome(directory, "\"daemon\": { \"lease\": \"10m\", \"workers\": 2 },", "\"enabled\": false");
        try (Program.Running daemon = home.daemon()) {
            try (Connection study = home.occupiedStudy();
                    Program.Running worker = home.worker()) {
                assertThat(worker.errSoFar())
                        .contains("Working beside the daemon.")
                        .doesNotContain("No daemon runs");
                home.begin();
                home.awaitCount(RUNNING, 4);
                assertThat(home.count("select count(distinct runner) from attempts where outcome = 'running'"))
                        .isEqualTo(2);

                worker.kill();
                home.awaitCount("select count(*) from events where type = 'stage_crashed'", 2);
                assertThat(study.isClosed())
                        .as("the daemon was busy itself all the time")
                        .isFalse();
            }
            home.awaitCount(DECIDED, WaitingHome.TRIALS);
            assertThat(home.rows("select outcome from attempts where stage_id in"
                            + " (select stage_id from attempts where outcome = 'crashed') order by id"))
                    .as("made by the worker, and again by the daemon")
                    .hasSize(4)
                    .startsWith("crashed", "crashed")
                    .doesNotContain("error", "timed_out");
            assertThat(home.count("select count(distinct runner) from attempts"))
                    .isEqualTo(2);
            assertThat(daemon.terminate().exitCode()).isEqualTo(143);
        }
        home.assertSound();
    }

    @Test
    void a_drain_ends_daemon_and_worker_once_they_have_finished_what_they_had_begun() throws Exception {
        WaitingHome home = WaitingHome.in(directory);
        try (Program.Running daemon = home.daemon();
                Program.Running worker = home.worker()) {
            try (Connection study = home.occupiedStudy()) {
                home.begin();
                home.awaitCount(RUNNING, 4);
                assertThat(home.run("drain", "--reason", "new version").ok().out())
                        .contains("asked to finish what it has begun")
                        .contains("daemon, pid " + daemon.process().pid())
                        .contains("worker, pid " + worker.process().pid());
                assertThat(home.run("drain").ok().out()).contains("asked to finish");
                assertThat(study.isClosed()).isFalse();
            }
            assertThat(daemon.await().ok().err()).contains("Ended in order.");
            assertThat(worker.await().ok().err()).contains("Ended in order.");
        }
        assertThat(home.rows("select outcome from attempts"))
                .as("what had been begun, and nothing more")
                .hasSize(4)
                .containsOnly("passed");
        home.assertSound();
        assertThat(home.run("drain").ok().out()).contains("Nothing runs here at present.");

        try (Program.Running next = home.daemon()) {
            home.awaitCount(DECIDED, WaitingHome.TRIALS);
            assertThat(next.terminate().exitCode()).isEqualTo(143);
        }
        home.assertSound();
    }

    @Test
    void a_worker_alone_does_what_is_due_says_that_no_daemon_runs_and_finishes_when_it_is_asked_to_end()
            throws Exception {
        WaitingHome home = WaitingHome.in(directory);
        try (Program.Running worker = home.worker();
                Program.Running second = home.worker()) {
            assertThat(List.of(worker.errSoFar(), second.errSoFar())).allMatch(err -> err.contains("No daemon runs"));
            try (Connection study = home.occupiedStudy()) {
                home.begin();
                home.awaitCount(RUNNING, 4);
                second.process().destroy();
                assertThat(study.isClosed()).isFalse();
            }
            assertThat(second.await().exits(143).err()).contains("Ended in order.");
            home.awaitCount(DECIDED, WaitingHome.TRIALS);
            assertThat(home.run("status", "--json").ok().json().path("pipeline").asString())
                    .as("a worker is no daemon")
                    .isEqualTo("down");
            assertThat(worker.terminate().exitCode()).isEqualTo(143);
        }
        assertThat(home.rows("select distinct outcome from attempts"))
                .as("nothing was given back")
                .isSubsetOf("passed", "rejected", "error");
        home.assertSound();
    }
}
