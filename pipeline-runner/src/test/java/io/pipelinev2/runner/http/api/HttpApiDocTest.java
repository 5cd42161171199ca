package io.pipelinev2.runner.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/http-api.md says what there is, and what it shows works. */
class HttpApiDocTest {

    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROUTE = Pattern.compile("`(GET|POST) ([^` ]+)`");

    @TempDir
    Path directory;

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "http-api.md"));
    }

    @Test
    void every_address_is_in_the_tables_and_nothing_else() throws Exception {
        TreeSet<String> told = new TreeSet<>();
        for (MatchResult found : ROUTE.matcher(page()).results().toList()) {
            told.add(found.group(1) + " " + found.group(2));
        }
        try (ServedHome home = new ServedHome(directory)) {
            TreeSet<String> registered = new TreeSet<>(home.server.registered());
            registered.removeIf(route -> route.startsWith("HEAD "));
            TreeSet<String> written = new TreeSet<>();
            registered.forEach(route -> written.add(route.replaceFirst("/actions/[a-z]+$", "/actions/{action}")));
            assertThat(told).isEqualTo(written);
        }
    }

    @Test
    void every_code_of_a_problem_is_told() throws Exception {
        String page = page();
        for (Problem.Kind kind : Problem.Kind.values()) {
            Problem problem = Problem.of(kind.status(), "");
            assertThat(page).contains("`" + problem.code() + "`").contains(Integer.toString(kind.status()));
        }
        assertThat(page).contains("`" + Problem.movedOn("").code() + "`");
    }

    @Test
    void what_is_shown_works() throws Exception {
        try (ServedHome home = new ServedHome(directory)) {
            Trial trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.FAILED, "no data");
            home.sample.stage(trial, "backtest", StageStatus.FAILED, 3, "no data", null);
            List<MatchResult> snippets = SHELL.matcher(page()).results().toList();
            assertThat(snippets).hasSize(2);
            for (MatchResult snippet : snippets) {
                run(snippet.group(1).replace(":8080", ":" + home.port));
            }
            assertThat(home.store.<List<Event>>read(tx -> tx.events(null, 10)))
                    .extracting(Event::type)
                    .containsExactly(EventType.OPERATOR_RETRY, EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT);
        }
    }

    private void run(String script) throws Exception {
        Path out = directory.resolve("out.txt");
        Process shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as(Files.readString(out)).isZero();
    }
}
