package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageConfiguration;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real jars, compiled and packed here. */
class UserStagesTest {

    private static final String MINE =
            "\"order\": [\"backtest\", \"mine\", \"deploy\"], \"stages\": { \"mine\": { %s } }";

    @TempDir
    private Path home;

    private PipelineConfig config(String members) throws IOException {
        Path file = Files.writeString(
                home.resolve("pipeline.json"), "{ " + members + ", \"optuna\": { \"storage\": \"optuna.db\" } }");
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private UserStages stages(String members, Extensions extensions) throws IOException {
        return UserStages.of(
                config(members),
                extensions,
                Plugins.load(home, extensions),
                new BoundedRuns(home.resolve("state"), "runner", runner -> true));
    }

    private List<String> faults(String block) throws IOException {
        return faults(MINE.formatted(block), Extensions.none());
    }

    private List<String> faults(String members, Extensions extensions) {
        ConfigException thrown = catchThrowableOfType(
                ConfigException.class, () -> stages(members, extensions).close());
        return thrown == null ? List.of() : thrown.faults();
    }

    /** What one attempt of a stage comes to. */
    private static StageRun attempt(Stage stage) throws InterruptedException {
        TrialKey trial = new TrialKey("study", 1);
        try (Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 1, 0.5))
                .stage(stage, StageSettings.DEFAULT.withMaxAttempts(1))
                .build()) {
            pipeline.runOnce();
            return PipelineStore.of(pipeline.records())
                    .read(tx -> tx.trial(trial)
                            .flatMap(found -> tx.stage(found.id(), stage.name()))
                            .orElseThrow());
        }
    }

    @Test
    void a_stage_of_a_jar_gets_its_settings_and_runs_in_its_own_class_loader() throws Exception {
        JarSource.of("Liquidity", """
                public String type() { return "liquidity-check"; }
                public Stage create(StageConfiguration configuration) {
                    Object limit = configuration.settings().get("limit");
                    return Stage.of(configuration.name(), context -> StageOutcome.passed(
                            configuration.home().getFileName() + " " + limit + " " + Greeting.WORD + " "
                            + (Thread.currentThread().getContextClassLoader() == Greeting.class.getClassLoader())));
                }
                """)
                .type("Greeting", "final class Greeting { static final Object WORD = \"hello\"; }")
                .packedInto(home, "liquidity.jar");
        JarSource.stage("Other", "other", "return StageOutcome.passed(\"\" + Other.class.getClassLoader().getName());")
                .packedInto(home, "other.jar");
        String members = """
                "order": ["backtest", "liquidity", "other", "deploy"],
                "stages": { "liquidity": { "type": "liquidity-check", "settings": { "limit": 3 } }, "other": {} }""";
        try (UserStages stages = stages(members, Extensions.none())) {
            assertThat(attempt(stages.stage("liquidity").orElseThrow()).reason())
                    .isEqualTo(home.getFileName() + " 3 hello true");
            assertThat(attempt(stages.stage("other").orElseThrow()).reason()).isEqualTo("plugins/other.jar");
            assertThat(stages.stage("backtest")).isEmpty();
        }
    }

    @Test
    void errors_of_a_stage_are_its_attempts_failures() throws Exception {
        JarSource.stage("Mine", "mine", "return StageOutcome.passed(Missing.word());")
                .type("Missing", "final class Missing { static String word() { return \"\"; } }")
                .leftOut("Missing")
                .packedInto(home, "mine.jar");
        JarSource.stage("Nothing", "nothing", "return null;").packedInto(home, "nothing.jar");
        JarSource.stage("Asserting", "asserting", "throw new AssertionError(\"never\");")
                .packedInto(home, "z.jar");
        String members = """
                "order": ["mine", "nothing", "asserting", "backtest", "deploy"],
                "stages": { "mine": {}, "nothing": {}, "asserting": {} }""";
        try (UserStages stages = stages(members, Extensions.none())) {
            StageRun linkage = attempt(stages.stage("mine").orElseThrow());
            assertThat(linkage.status()).isEqualTo(StageStatus.FAILED);
            assertThat(linkage.errorMessage()).contains("NoClassDefFoundError: plugin/Missing");
            assertThat(attempt(stages.stage("nothing").orElseThrow()).errorMessage())
                    .contains("the stage returned null");
            assertThat(attempt(stages.stage("asserting").orElseThrow()).errorMessage())
                    .contains("AssertionError: never");
        }
    }

    @Test
    void every_fault_of_every_jar_is_told_at_once() throws Exception {
        Files.createDirectories(home.resolve("plugins"));
        Files.writeString(home.resolve("plugins/a-broken.jar"), "not a jar");
        JarSource.of(
                        "Throwing",
                        "public Throwing() { throw new IllegalStateException(\"no licence\"); }"
                                + "public String type() { return \"x\"; }"
                                + "public Stage create(StageConfiguration c) { return null; }")
                .packedInto(home, "b-throwing.jar");
        JarSource.of(
                        "Linkage",
                        "private static final Object NEEDED = new Gone();"
                                + "public String type() { return \"x\"; }"
                                + "public Stage create(StageConfiguration c) { return null; }")
                .type("Gone", "class Gone {}")
                .leftOut("Gone")
                .packedInto(home, "c-linkage.jar");
        new JarSource().service(StageFactory.class.getName(), "plugin.Absent").packedInto(home, "d-absent.jar");
        new JarSource()
                .type("NoFactory", "public class NoFactory {}")
                .service(StageFactory.class.getName(), "plugin.NoFactory")
                .packedInto(home, "e-no-factory.jar");
        JarSource.stage("Twice", "twice", "return null;").packedInto(home, "f-twice.jar");
        JarSource.stage("Twice", "twice", "return null;").packedInto(home, "g-twice.jar");
        JarSource.stage("Named", "Not A Name", "return null;").packedInto(home, "h-named.jar");

        List<String> faults = faults("\"type\": \"twise\"");
        assertThat(faults).hasSize(8).allMatch(fault -> fault.startsWith("pipeline.json: "));
        assertThat(faults.get(0))
                .contains("plugins/a-broken.jar cannot be read as a jar (", "build it again, or remove it");
        assertThat(faults.get(1))
                .contains("plugins/b-throwing.jar, class plugin.Throwing: ", "no licence", "or remove the jar");
        assertThat(faults.get(2))
                .contains(
                        "plugins/c-linkage.jar, class plugin.Linkage: ",
                        "plugin/Gone",
                        "put what it needs into the same jar");
        assertThat(faults.get(3))
                .contains("plugins/d-absent.jar: ", "plugin.Absent not found", "correct its META-INF/services/");
        assertThat(faults.get(4))
                .contains("plugins/e-no-factory.jar: ", "plugin.NoFactory", "correct its META-INF/services/");
        assertThat(faults.get(5))
                .contains("the stage type 'twice' is provided twice, by plugins/f-twice.jar, class plugin.Twice and by"
                        + " plugins/g-twice.jar, class plugin.Twice: remove one");
        assertThat(faults.get(6))
                .contains(
                        "plugins/h-named.jar, class plugin.Named: its type() was 'Not A Name' but must be a lower-case letter");
        assertThat(faults.get(7))
                .contains(
                        "stages.mine.type was 'twise' but must be a type that a jar in plugins/ or the host application"
                                + " provides; did you mean 'twice'?");
    }

    @Test
    void a_factory_refuses_settings_and_whatever_else_it_throws_stays_with_it() throws Exception {
        JarSource.of("Mine", """
                public String type() { return "mine"; }
                public Stage create(StageConfiguration configuration) {
                    Object limit = configuration.settings().get("limit");
                    if (limit == null) { throw new StackOverflowError("deep"); }
                    if (limit.equals("null")) { return null; }
                    if (limit.equals("name")) { return Stage.of("other", context -> null); }
                    throw new IllegalArgumentException("limit must be a number, was " + limit);
                }
                """).packedInto(home, "mine.jar");
        assertThat(faults("\"settings\": { \"limit\": \"many\" }"))
                .containsExactly("pipeline.json: stages.mine.settings: limit must be a number, was many (says"
                        + " plugins/mine.jar, class plugin.Mine)");
        assertThat(faults(""))
                .containsExactly("pipeline.json: stages.mine: plugins/mine.jar, class plugin.Mine:"
                        + " java.lang.StackOverflowError: deep; correct it, or remove the jar");
        assertThat(faults("\"settings\": { \"limit\": \"null\" }"))
                .singleElement()
                .asString()
                .contains("made null, but must make a stage whose name() is 'mine'");
        assertThat(faults("\"settings\": { \"limit\": \"name\" }"))
                .singleElement()
                .asString()
                .contains("made one named 'other', but must make a stage whose name() is 'mine'");
    }

    @Test
    void a_disabled_stage_is_not_even_looked_for() throws Exception {
        try (UserStages stages = stages(MINE.formatted("\"enabled\": false"), Extensions.none())) {
            assertThat(stages.stage("mine")).isPresent();
        }
    }

    @Test
    void without_plugins_there_are_no_types() throws Exception {
        assertThat(faults("")).singleElement().asString().endsWith("there are none here");
    }

    /** A stage that notices that it is closed. */
    private static final class Closing implements Stage, AutoCloseable {
        private final String name;
        private boolean closed;

        Closing(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public StageOutcome execute(StageContext context) {
            return StageOutcome.passed("from the host");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static StageFactory factory(String type, Stage made) {
        return new StageFactory() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public Stage create(StageConfiguration configuration) {
                return made;
            }
        };
    }

    @Test
    void a_host_brings_objects_and_factories_and_only_what_factories_made_is_closed_for_it() throws Exception {
        Closing object = new Closing("mine");
        Closing made = new Closing("made");
        Extensions extensions = Extensions.builder()
                .stage(object)
                .stageFactory(factory("of-host", made))
                .build();
        String members = """
                "order": ["mine", "made", "backtest", "deploy"],
                "stages": { "mine": {}, "made": { "type": "of-host" } }""";
        try (UserStages stages = stages(members, extensions)) {
            assertThat(attempt(stages.stage("mine").orElseThrow()).reason()).isEqualTo("from the host");
            assertThat(attempt(stages.stage("made").orElseThrow()).reason()).isEqualTo("from the host");
        }
        assertThat(object.closed).isFalse();
        assertThat(made.closed).isTrue();
    }

    @Test
    void what_a_host_brings_is_asked_for_by_the_configuration() {
        Extensions extensions = Extensions.builder().stage(new Closing("mine")).build();
        assertThat(faults("\"http\": {}", extensions))
                .containsExactly(
                        "pipeline.json: the host application brings the stage 'mine', which the configuration does"
                                + " not ask for: add \"mine\": {} to stages, and 'mine' to order");
        assertThat(faults(MINE.formatted("\"settings\": { \"a\": 1 }"), extensions))
                .singleElement()
                .asString()
                .contains("stages.mine.settings must be left out: the stage is an object of the host application");
        assertThat(faults(
                        MINE.formatted("\"type\": \"a\""),
                        Extensions.builder()
                                .stageFactory(factory("a", new Closing("mine")))
                                .stageFactory(factory("a", new Closing("mine")))
                                .build()))
                .singleElement()
                .asString()
                .contains("the stage type 'a' is provided twice, by the host application's ");
    }

    @Test
    void a_host_cannot_bring_two_stages_of_one_name_or_one_without_a_proper_name() {
        assertThatThrownBy(() -> Extensions.builder().stage(new Closing("a")).stage(new Closing("a")))
                .hasMessage("stage 'a' was added twice");
        assertThatThrownBy(() -> Extensions.builder().stage(new Closing("A b"))).hasMessageContaining("was 'A b'");
    }
}
