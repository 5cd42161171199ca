package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trial source that is a shell script. */
class CommandTrialSourceTest {

    private static final String TWO_STUDIES = """
            { "studies": [
              { "name": "cma", "id": 4, "directions": ["minimize"], "pruned": 5, "trials": [
                { "number": 2, "values": ["Infinity"], "id": 12, "started_at": "2026-03-01T08:00:00Z" },
                { "number": 0, "values": [0.25] }, { "number": 1, "values": [null] } ] },
              { "name": "none yet", "directions": ["maximize", "minimize"], "trials": [] } ] }
            """;

    @TempDir
    private Path home;

    private BoundedRuns runs;

    @AfterEach
    void nothing_is_left() {
        if (runs != null) {
            runs.close();
        }
    }

    private PipelineConfig config(String more) throws IOException {
        Path file = Files.writeString(home.resolve("pipeline.json"), """
                {
                  "source": { "command": ["sh", "trials.sh"]%s },
                  "order": ["check"],
                  "stages": {
                    "backtest": { "enabled": false },
                    "check": { "command": ["sh", "check.sh"], "max_attempts": 1 },
                    "deploy": { "enabled": false }
                  }
                }
                """.formatted(more));
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private TrialSource source(String script, String more) throws IOException {
        Files.writeString(home.resolve("trials.sh"), script);
        runs = new BoundedRuns(home.resolve("state"), "runner", runner -> true);
        PipelineConfig config = config(more);
        return TrialSources.open(
                config.source().orElseThrow(),
                config,
                Extensions.none(),
                () -> {
                    throw new AssertionError("no plugins");
                },
                () -> runs);
    }

    private TrialSource answering(String answer) throws IOException {
        Files.writeString(home.resolve("answer"), answer);
        return source("cat > told; echo run >> runs; cat answer", "");
    }

    @Test
    void studies_and_headers_come_of_one_run_and_details_of_another() throws Exception {
        TrialSource source = answering(TWO_STUDIES);

        List<SourceStudy> studies = source.studies();
        List<TrialHeader> trials = source.completeTrials(studies.get(0));

        assertThat(source.storage()).isEqualTo("command");
        assertThat(studies)
                .containsExactly(
                        new SourceStudy(4, "cma", List.of(Direction.MINIMIZE)),
                        new SourceStudy(0, "none yet", List.of(Direction.MAXIMIZE, Direction.MINIMIZE)));
        assertThat(trials).extracting(header -> header.source().number()).containsExactly(0, 1, 2);
        assertThat(trials.get(0).values()).containsExactly(0.25);
        assertThat(trials.get(0).source().trialId()).isZero();
        assertThat(trials.get(1).values()).containsExactly((Double) null);
        assertThat(trials.get(2).values()).containsExactly(Double.POSITIVE_INFINITY);
        assertThat(trials.get(2).source().startedAt()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(source.counts(studies.get(0))).contains(new TrialCounts(3, 5));
        assertThat(source.counts(studies.get(1))).isEmpty();
        assertThat(source.completeTrials(studies.get(1))).isEmpty();
        assertThat(Files.readAllLines(home.resolve("runs"))).hasSize(1);
        JsonNode told = JsonMapper.builder().build().readTree(Files.readString(home.resolve("told")));
        assertThat(told.propertyNames()).containsExactly("version", "request", "settings", "home", "timeout_seconds");
        assertThat(told.get("request").asString()).isEqualTo("trials");

        Files.writeString(
                home.resolve("answer"),
                "{ \"parameters\": { \"lr\": 0.1, \"net\": \"small\" }, \"user_attributes\": { \"note\": [1] },"
                        + " \"id\": 12, \"started_at\": \"2026-03-01T08:00:00Z\" }");
        TrialDetails details = source.details(trials.get(2).source());
        assertThat(details.parameters()).containsEntry("lr", 0.1).containsEntry("net", "small");
        assertThat(details.userAttributes()).containsKey("note");
        told = JsonMapper.builder().build().readTree(Files.readString(home.resolve("told")));
        assertThat(told.get("request").asString()).isEqualTo("details");
        assertThat(told.get("study").asString()).isEqualTo("cma");
        assertThat(told.get("study_id").asInt()).isEqualTo(4);
        assertThat(told.get("number").asInt()).isEqualTo(2);
        assertThat(told.get("id").asInt()).isEqualTo(12);
        assertThat(told.get("started_at").asString()).isEqualTo("2026-03-01T08:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    { "gone": true }
                    { "parameters": {}, "started_at": "2026-04-01T00:00:00Z" }
                    { "parameters": {}, "id": 13 }
                    """)
    void a_trial_that_is_gone_or_another_one_is_told(String answer) throws Exception {
        TrialSource source = answering(TWO_STUDIES);
        TrialHeader trial = source.completeTrials(source.studies().get(0)).get(2);
        Files.writeString(home.resolve("answer"), answer);
        assertThatThrownBy(() -> source.details(trial.source())).isInstanceOf(TrialGoneException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    hello                                                                    | the output began with 'hello', which is not JSON
                    { }                                                                      | studies was missing but must be a list [ … ] of studies
                    { "study": [] }                                                          | it has the key 'study', which is not known; known are studies
                    { "studies": [ 7 ] }                                                     | studies[0] was 7 but must be an object { … }
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[],"n":1} ] } | studies[0] has the key 'n', which is not known; known are name, id, directions, pruned, trials
                    { "studies": [ {"directions":["maximize"],"trials":[]} ] }               | studies[0].name was missing but must be the study's name
                    { "studies": [ {"name":"a","directions":["up"],"trials":[]} ] }          | studies[0].directions[0] was 'up' but must be a list with maximize or minimize
                    { "studies": [ {"name":"a","directions":[],"trials":[]} ] }              | studies[0].directions was an empty list but must be
                    { "studies": [ {"name":"a","directions":["maximize"]} ] }                | studies[0].trials was missing but must be a list
                    { "studies": [ {"name":"a","id":-1,"directions":["maximize"],"trials":[]} ] } | studies[0].id was -1 but must be a whole number, 0 or more
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[{"number":1.5,"values":[1]}]} ] } | studies[0].trials[0].number was 1.5 but must be the trial's number
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[{"number":1,"values":[1,2]}]} ] } | studies[0].trials[0].values had 2 but must be a list with the value of the study's one objective
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[{"number":1,"values":["x"]}]} ] } | studies[0].trials[0].values[0] was 'x' but must be a number, null if it is undefined
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[{"number":1,"values":[1]},{"number":1,"values":[1]}]} ] } | studies[0].trials[1].number was 1, as another's is, but must be its own
                    { "studies": [ {"name":"a","directions":["maximize"],"trials":[{"number":1,"values":[1],"started_at":7}]} ] } | studies[0].trials[0].started_at was 7 but must be text
                    """)
    void nothing_of_a_malformed_answer_is_used(String answer, String finding) throws Exception {
        TrialSource source = answering(answer);
        assertThatThrownBy(source::studies)
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining(
                        "The command of the trial source (sh trials.sh), asked for trials, gave no answer")
                .hasMessageContaining(finding)
                .hasMessageContaining("docs/extending.md shows what a source answers");
    }

    @Test
    void malformed_details_are_told_likewise() throws Exception {
        TrialSource source = answering(TWO_STUDIES);
        TrialHeader trial = source.completeTrials(source.studies().get(0)).get(0);
        Files.writeString(home.resolve("answer"), "{ \"user_attributes\": {} }");
        assertThatThrownBy(() -> source.details(trial.source()))
                .hasMessageContaining("asked for details, gave no answer")
                .hasMessageContaining("parameters was missing but must be an object { … }");
    }

    @Test
    void one_that_fails_or_takes_too_long_is_a_failure_of_the_source() throws Exception {
        assertThatThrownBy(source("echo no database >&2; exit 66", "")::studies)
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining("ended with exit code 66. Its last words:\nno database");
        TrialSourceException slow = catchThrowableOfType(
                TrialSourceException.class,
                source("sleep 600 & echo $! > child; sleep 600", ", \"timeout_seconds\": 0.5")::studies);
        assertThat(slow).hasMessageContaining("took longer than 500 ms (source.timeout_seconds) and was killed");
        long child = Long.parseLong(Files.readString(home.resolve("child")).trim());
        Path stat = Path.of("/proc", String.valueOf(child), "stat");
        assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z"))
                .isTrue();
    }

    private List<Trial> once(PipelineConfig config) throws Exception {
        try (HomeLock lock = HomeLock.take(config.home(), "test");
                PipelineHome opened = PipelineHome.open(config);
                Pipeline pipeline = opened.pipeline(lock)) {
            pipeline.runOnce();
            return opened.store().read(tx -> tx.trialsIn(List.of(TrialStatus.values())));
        }
    }

    @Test
    void its_trials_go_through_the_pipeline_and_a_study_made_anew_is_noticed() throws Exception {
        Files.writeString(home.resolve("check.sh"), """
                grep -q '"small"' && echo '{"verdict": "passed"}'
                """);
        Files.writeString(home.resolve("trials.sh"), """
                case "$(cat)" in
                *'"request":"trials"'*) cat answer ;;
                *) echo '{ "parameters": { "net": "small" } }' ;;
                esac
                """);
        Files.writeString(home.resolve("answer"), TWO_STUDIES);
        PipelineConfig config = config(", \"storage\": \"my runs\"");

        assertThat(once(config)).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.key().study()).isEqualTo("cma");
            assertThat(trial.status()).as(trial.reason()).isEqualTo(TrialStatus.COMPLETED);
        });
        assertThat(once(config)).hasSize(3);
        Files.writeString(home.resolve("answer"), TWO_STUDIES.replace("\"id\": 4", "\"id\": 5"));
        assertThat(once(config)).extracting(trial -> trial.key().study()).contains("cma", "cma@1");
        try (PipelineHome opened = PipelineHome.open(config)) {
            List<Study> studies = opened.store().read(StoreReader::studies);
            assertThat(studies).extracting(Study::storage).containsOnly("my runs");
        }
        assertThat(home.resolve("state/stages")).isEmptyDirectory();
        assertThat(home.resolve("state/runners")).isEmptyDirectory();
    }
}
