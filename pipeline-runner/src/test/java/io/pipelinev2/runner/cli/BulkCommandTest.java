package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.EventQuery;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Retry and skip of many trials at once, on a home whose trials all wait. */
class BulkCommandTest {

    @TempDir
    private static Path template;

    private static Path waiting;

    @TempDir
    private Path directory;

    private Path config;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void a_home_whose_trials_wait() throws IOException {
        if (waiting == null) {
            waiting = DemoHome.unpack(template.resolve("home"));
            Files.writeString(waiting, Files.readString(waiting).replace("\"max_deployed\": 3", "\"enabled\": false"));
            assertThat(run(waiting, "pause --reason x").code()).isZero();
            assertThat(run(waiting, "once").code()).isZero();
        }
        config = directory.resolve("pipeline.json");
        for (String file : List.of("pipeline.json", "pipeline_v2.db")) {
            Files.copy(waiting.resolveSibling(file), directory.resolve(file));
        }
    }

    private static Ended run(Path config, String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out, true));
        program.setErr(new PrintWriter(err, true));
        return new Ended(program.execute((line + " --config " + config).split(" ")), out.toString(), err.toString());
    }

    private Ended run(String line) {
        return run(config, line);
    }

    private <T> T read(java.util.function.Function<PipelineHome, T> question) {
        try (PipelineHome home = PipelineHome.open(ConfigLoader.ofThisProcess().load(config, null))) {
            return question.apply(home);
        }
    }

    private TrialStatus status(int number) {
        return read(home -> HomeCommand.find(home, Integer.toString(number)).status());
    }

    private List<Event> events(EventType type) {
        return read(home ->
                home.store().<List<Event>>read(tx -> tx.events(new EventQuery(null, Set.of(type), null, 100))));
    }

    @Test
    void trials_that_are_named_are_done_each_by_itself_without_a_question() {
        Ended skipped = run("skip 1 ppo_1h/2 6 1 backtest --reason known");

        assertThat(skipped.code()).as(skipped.err()).isZero();
        assertThat(skipped.out().lines()).hasSize(3).allMatch(line -> line.contains("skipped"));
        assertThat(skipped.err()).contains("skip: 3 of 3 done.");
        assertThat(status(2)).isEqualTo(TrialStatus.COMPLETED);
        assertThat(events(EventType.OPERATOR_SKIP))
                .hasSize(3)
                .allMatch(event -> event.origin().equals("cli"));
    }

    @Test
    void what_is_refused_for_one_is_done_for_the_others_and_ends_with_8() {
        assertThat(run("skip 1 backtest --reason known").code()).isZero();

        Ended partly = run("retry 1 2");

        assertThat(partly.code()).as(partly.out()).isEqualTo(ExitCode.REFUSED);
        assertThat(partly.out()).contains("ppo_1h/2").doesNotContain("ppo_1h/1 ");
        assertThat(partly.err()).contains("Trial ppo_1h/1: refused: ", "retry: 1 of 2 done, 1 refused", "above");
        assertThat(status(1)).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void a_trial_that_is_not_there_is_found_out_before_anything_is_done() {
        Ended ended = run("skip 1 777 backtest --reason known");

        assertThat(ended.code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(ended.err()).contains("777");
        assertThat(events(EventType.OPERATOR_SKIP)).isEmpty();
    }

    @Test
    void trials_that_are_described_are_shown_and_not_touched_where_nobody_can_be_asked() {
        Ended asked = run("skip backtest --status pending --reason known");

        assertThat(asked.code()).isEqualTo(ExitCode.USAGE);
        assertThat(asked.err()).contains("TRIAL", "ppo_1h/31", "pending", "28 trials", "add --yes");
        assertThat(asked.out()).isEmpty();
        assertThat(events(EventType.OPERATOR_SKIP)).isEmpty();
    }

    @Test
    void those_that_match_are_done_with_yes_and_no_others() {
        assertThat(run("cancel 1 --reason useless").code()).isZero();
        assertThat(run("cancel 2 --reason useless").code()).isZero();
        assertThat(run("cancel 6 --reason too-old").code()).isZero();

        Ended rehearsed = run("retry --status failed --reason-contains USELESS --dry-run");
        assertThat(rehearsed.code()).isZero();
        assertThat(rehearsed.out()).contains("ppo_1h/1", "ppo_1h/2", "useless").doesNotContain("ppo_1h/6");
        assertThat(rehearsed.err()).contains("Nothing was done");
        assertThat(status(1)).isEqualTo(TrialStatus.FAILED);

        Ended done =
                run("retry --status failed,completed --study ppo_1h --reason-contains useless --yes --reason again");

        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.err()).contains("TRIAL", "retry: 2 of 2 done.");
        assertThat(status(1)).isEqualTo(TrialStatus.PROCESSING);
        assertThat(status(2)).isEqualTo(TrialStatus.PROCESSING);
        assertThat(status(6)).isEqualTo(TrialStatus.FAILED);
        assertThat(events(EventType.OPERATOR_RETRY))
                .hasSize(2)
                .allMatch(event -> event.message().contains("again"));
    }

    @Test
    void that_none_matches_is_said_and_no_failure() {
        Ended none = run("retry --status failed --yes");

        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("No trial is as described");
    }

    @ParameterizedTest
    @CsvSource({
        "retry, Which trials?",
        "retry 1 --status failed, 'named or described, not both'",
        "retry --status fialed --yes, 'did you mean ''failed''?'",
        "retry backtest 1, backtest",
        "skip 1 --reason x, STAGE",
        "skip --status failed --reason x, STAGE",
    })
    void a_command_line_that_says_too_little_or_too_much_ends_with_2(String line, String words) {
        Ended ended = run(line);

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains(words);
        assertThat(ended.out()).isEmpty();
    }
}
