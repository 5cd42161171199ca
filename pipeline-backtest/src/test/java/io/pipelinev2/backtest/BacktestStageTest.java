package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageOutcome.Passed;
import io.pipelinev2.core.stage.StageOutcome.Rejected;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestStageTest {

    private static final Instant DISCOVERED = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path home;

    private ModelArchive archive;

    @BeforeEach
    void makeArchive() {
        archive = new ModelArchive(home.resolve("state/models"));
    }

    @Test
    void a_model_that_passes_is_kept_byte_for_byte() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));

        StageOutcome outcome = stage(Duration.ZERO).execute(context(1, DISCOVERED));

        assertThat(outcome).isInstanceOf(Passed.class);
        assertThat(outcome.reason()).isEqualTo("passed all 3 gates of v2-basic");
        String sha256 = (String) outcome.results().get("model_sha256");
        byte[] model = Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));
        assertThat(sha256).isEqualTo(ModelArchive.sha256(model));
        assertThat(archive.directoryOf(sha256).resolve("actor.pth")).hasBinaryContent(model);
        assertThat(outcome.results())
                .containsEntry("data_sha256", Fixtures.market().sha256());
    }

    @Test
    void an_onnx_model_is_kept_under_its_own_name() throws Exception {
        Path onnx = Fixtures.trial(1).resolve("actor.onnx");
        Path directory = Files.createDirectories(home.resolve("models/trial_1_1h"));
        Files.copy(onnx, directory.resolve("actor.onnx"));

        StageOutcome outcome = stage(Duration.ZERO).execute(context(1, DISCOVERED));

        assertThat(outcome).isInstanceOf(Passed.class);
        String sha256 = (String) outcome.results().get("model_sha256");
        assertThat(archive.directoryOf(sha256).resolve("actor.onnx")).hasSameBinaryContentAs(onnx);
        assertThat(archive.directoryOf(sha256).resolve("actor.pth")).doesNotExist();
    }

    @Test
    void what_a_result_rests_on_and_its_equity_are_recorded() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        BacktestStage stage = stage(Duration.ZERO);

        StageOutcome outcome = stage.execute(context(1, DISCOVERED));

        assertThat(outcome.series()).hasSize(4).element(1).satisfies(series -> {
            assertThat(series.name()).isEqualTo("first_bar");
            assertThat(series.basis()).isEqualTo(Fixtures.market().sha256());
            assertThat(series.values()).containsExactly(Fixtures.parameters(1).lookback() - 1);
        });
        assertThat(outcome.series()).element(0).satisfies(series -> {
            assertThat(series.name()).isEqualTo("equity");
            assertThat(series.basis()).isEqualTo(Fixtures.market().sha256());
            assertThat(series.values()[0]).isEqualTo(500);
            assertThat(series.values()[series.values().length - 1])
                    .isEqualTo(((Map<?, ?>) outcome.results().get("legacy_v2")).get("final_value"));
        });
        assertThat(outcome.series()).element(2).satisfies(series -> {
            assertThat(series.name()).isEqualTo("fills");
            assertThat(Arrays.stream(series.values()).sum())
                    .isEqualTo(((Number) outcome.results().get("trades")).doubleValue());
        });
        assertThat(outcome.series()).element(3).satisfies(series -> {
            assertThat(series.name()).isEqualTo("benchmark");
            assertThat(series.values())
                    .startsWith(1)
                    .hasSameSizeAs(outcome.series().get(0).values());
        });
        Map<?, ?> range = (Map<?, ?>) outcome.results().get("data_range");
        assertThat(range.get("first_bar")).isEqualTo(Fixtures.parameters(1).lookback() - 1L);
        assertThat(range.get("last_bar"))
                .isEqualTo(
                        (long) Fixtures.market().rows() - Fixtures.parameters(1).lookback() - 1);
        assertThat((List<?>) range.get("assets")).hasSize(Fixtures.market().assets());
        assertThat(range.get("from")).as("these arrays have no times").isNull();
        assertThat(Provenance.of(outcome.results())
                        .differencesTo(stage.provenanceOf(trial(1, "ppo_1h"), outcome.results())))
                .isEmpty();
    }

    @Test
    void a_verdict_is_given_again_on_the_model_that_was_validated() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        StageOutcome first = stage(Duration.ZERO).execute(context(1, DISCOVERED));
        Path directory = home.resolve("models/trial_1_1h");
        Files.delete(directory.resolve("actor.pth"));
        Files.delete(directory);

        StageOutcome again = stage(Duration.ZERO).execute(repetition(first));

        assertThat(again).isEqualTo(first);
    }

    @Test
    void a_repetition_on_anything_but_the_validated_model_is_refused() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        StageOutcome first = stage(Duration.ZERO).execute(context(1, DISCOVERED));
        Path copy = archive.directoryOf((String) first.results().get("model_sha256"))
                .resolve("actor.pth");

        Files.copy(Fixtures.trial(1).resolve("act_target.pth"), copy, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> stage(Duration.ZERO).execute(repetition(first)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("is not the model that was validated")
                .hasMessageContaining("Restore it from a backup")
                .hasMessageContaining("retry ppo_1h/1");

        Files.write(copy, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> stage(Duration.ZERO).execute(repetition(first)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("is not the model that was validated");

        Files.delete(copy);
        assertThatThrownBy(() -> stage(Duration.ZERO).execute(repetition(first)))
                .as("the one in the directory is no substitute")
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("no copy of the validated model")
                .hasMessageContaining("retry ppo_1h/1");
    }

    /** As the engine would give it, of a trial that Optuna does not know any more. */
    private static StageContext repetition(StageOutcome first) {
        Trial trial = trial(1, "ppo_1h");
        return new Context(trial, details(Map.of()), DISCOVERED) {
            @Override
            public TrialDetails details() {
                throw new TrialGoneException(trial.source());
            }

            @Override
            public Map<String, Object> resultsOf(String stage) {
                return new HashMap<>(first.results());
            }
        };
    }

    @Test
    void bars_that_are_kept_back_are_played_only_by_those_who_are_chosen() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        BacktestStage stage = stage("models/trial_{number}_1h", SharedModels.none(), 0.25);
        MarketData all = Fixtures.market();

        StageOutcome outcome = stage.execute(context(1, DISCOVERED));

        assertThat(outcome.results())
                .containsEntry("data_sha256", all.head(all.rows() - 420).sha256());
        BacktestResult sealed = stage.playSealed(outcome.results());
        assertThat(sealed.dataSha256())
                .isEqualTo(all.from(all.rows() - 420 - Fixtures.parameters(1).lookback())
                        .sha256());
        assertThat(sealed.equity()).hasSize(420 - Fixtures.parameters(1).lookback() + 1);
    }

    @Test
    void a_model_that_never_trades_is_rejected_and_not_kept() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        Map<String, Object> parameters = new HashMap<>(Fixtures.rawParameters(1));
        parameters.put("norm_action", 5000);

        StageOutcome outcome =
                stage(Duration.ZERO).execute(new Context(trial(1, "ppo_1h"), details(parameters), DISCOVERED));

        assertThat(outcome).isInstanceOf(Rejected.class);
        assertThat(outcome.reason()).contains("never trades");
        assertThat(outcome.results()).containsEntry("trades", 0L);
        assertThat(home.resolve("state")).doesNotExist();
    }

    @Test
    void a_missing_model_is_waited_for_during_the_grace_period_and_permanent_after_it() {
        BacktestStage stage = stage(Duration.ofMinutes(5));

        StageNotReadyException waiting = catchThrowableOfType(
                StageNotReadyException.class, () -> stage.execute(context(9, DISCOVERED.plusSeconds(295))));
        assertThat(waiting).hasMessageContaining("trial_9_1h does not exist").hasMessageContaining("12:05:00Z");
        assertThat(waiting.retryAt()).isEqualTo(DISCOVERED.plusSeconds(300));

        assertThatThrownBy(() -> stage.execute(context(9, DISCOVERED.plusSeconds(300))))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageStartingWith("no model: ")
                .hasMessageContaining(home.resolve("models/trial_9_1h") + " does not exist")
                .hasMessageContaining("Copy it to")
                .hasMessageContaining("run `retry ppo_1h/9`");
    }

    @Test
    void a_model_that_is_still_being_copied_is_waited_for_too() throws Exception {
        Path half = home.resolve("half.pth");
        byte[] whole = Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));
        Files.write(half, Arrays.copyOf(whole, whole.length / 2));
        giveModel(1, half);

        assertThatThrownBy(() -> stage(Duration.ofMinutes(5)).execute(context(1, DISCOVERED)))
                .isInstanceOf(StageNotReadyException.class)
                .hasMessageContaining("still be being copied");
        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context(1, DISCOVERED)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void a_hostile_model_is_permanent() throws Exception {
        Path hostile = Files.write(home.resolve("hostile.pth"), new byte[] {(byte) 0x80, 2, 'c'});
        giveModel(1, hostile);

        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context(1, DISCOVERED)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("would run code");
    }

    @Test
    void a_model_of_another_trial_is_permanent() throws Exception {
        giveModel(1, Fixtures.trial(2).resolve("actor.pth"));

        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context(1, DISCOVERED)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("204")
                .hasMessageContaining("106");
    }

    @Test
    void missing_market_data_is_retried_and_works_once_it_is_there() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        Path data = home.resolve("data");
        BacktestStage stage = stage(Duration.ZERO, data);

        assertThatThrownBy(() -> stage.execute(context(1, DISCOVERED)))
                .isExactlyInstanceOf(PipelineException.class)
                .hasMessageContaining("no market data")
                .hasMessageContaining(data.toString());

        Files.createDirectories(data.resolve("val"));
        for (String file : List.of("price_array.npy", "tech_array.npy")) {
            Files.copy(
                    Fixtures.MARKET.resolve("val").resolve(file),
                    data.resolve("val").resolve(file));
        }
        assertThat(stage.execute(context(1, DISCOVERED))).isInstanceOf(Passed.class);

        Files.write(data.resolve("val/price_array.npy"), new byte[100]);
        assertThatThrownBy(() -> stage.execute(context(1, DISCOVERED)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("not an .npy file");
    }

    @Test
    void unusable_parameters_are_permanent() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        Context context = new Context(trial(1, "ppo_1h"), details(Map.of("lookback", "one")), DISCOVERED);

        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("lookback");
    }

    @Test
    void a_trial_that_is_gone_is_permanent() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        Trial trial = trial(1, "ppo_1h");
        StageContext context = new Context(trial, details(Map.of()), DISCOVERED) {
            @Override
            public TrialDetails details() {
                throw new TrialGoneException(trial.source());
            }
        };

        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("no longer in the storage");
    }

    @Test
    void a_cancelled_attempt_ends() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        StageContext context = new Context(trial(1, "ppo_1h"), details(Fixtures.rawParameters(1)), DISCOVERED) {
            @Override
            public boolean isCancelled() {
                return true;
            }
        };

        assertThatThrownBy(() -> stage(Duration.ZERO).execute(context)).isInstanceOf(CancellationException.class);
    }

    @Test
    void the_backtest_alone_leaves_no_trace() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));

        BacktestResult result =
                stage(Duration.ZERO).backtest(trial(1, "ppo_1h"), details(Fixtures.rawParameters(1)), () -> false);

        assertThat(result.equity()).hasSize(1679);
        assertThat(home.resolve("state")).doesNotExist();
        assertThatThrownBy(() -> stage(Duration.ZERO).backtest(trial(9, "ppo_1h"), TrialDetails.NONE, () -> false))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageStartingWith("no model: ");
    }

    @Test
    void the_template_is_filled_in_one_pass() {
        ModelLocation models = new ModelLocation(Path.of("/home"), "m/{study}/{study_id}/trial_{number}");

        assertThat(models.of(trial(7, "a study").source())).isEqualTo(Path.of("/home/m/a study/3/trial_7"));
        assertThat(models.of(trial(7, "{number}$1").source())).isEqualTo(Path.of("/home/m/{number}$1/3/trial_7"));
        assertThat(models.distinguishesStudies()).isTrue();
        assertThat(new ModelLocation(Path.of("/home"), "trial_{number}").distinguishesStudies())
                .isFalse();
    }

    @Test
    void a_study_name_that_would_lead_elsewhere_is_refused_unless_the_id_is_used() {
        ModelLocation byName = new ModelLocation(home, "{study}/trial_{number}");
        ModelLocation byId = new ModelLocation(home, "{study_id}/trial_{number}");

        for (String name : List.of("../etc", "..", "a/b", "nul\0", ".")) {
            assertThatThrownBy(() -> byName.of(trial(7, name).source()))
                    .isInstanceOf(PermanentStageException.class)
                    .hasMessageContaining("{study_id}");
            assertThat(byId.of(trial(7, name).source())).isEqualTo(home.resolve("3/trial_7"));
        }
        assertThatThrownBy(() -> new ModelLocation(home, "{trial}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{trial}")
                .hasMessageContaining("{number}");
    }

    @Test
    void two_studies_that_share_a_number_and_a_directory_are_no_guess() throws Exception {
        giveModel(1, Fixtures.trial(1).resolve("actor.pth"));
        SharedModels rival =
                trial -> Optional.of(new TrialKey("other", trial.key().number()));

        assertThatThrownBy(() -> stage("models/trial_{number}_1h", rival).execute(context(1, DISCOVERED)))
                .isInstanceOf(PermanentStageException.class)
                .hasMessageContaining("trial ppo_1h/1 or that of trial other/1")
                .hasMessageContaining("{study_id}");
        assertThatThrownBy(() -> stage("models/{study}/{number}", rival).execute(context(1, DISCOVERED)))
                .as("told apart by the study, it is merely missing")
                .hasMessageContaining("models/ppo_1h/1 does not exist");
    }

    private BacktestStage stage(String template, SharedModels sharing) {
        return stage(template, sharing, 0);
    }

    private BacktestStage stage(String template, SharedModels sharing, double sealed) {
        return new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(home, template),
                        Duration.ZERO,
                        MarketDataSettings.of(Fixtures.MARKET),
                        8760,
                        TradingRules.ORIGINAL,
                        GateSet.V2_BASIC,
                        sealed),
                archive,
                sharing,
                StudySize.unknown());
    }

    private BacktestStage stage(Duration grace) {
        return stage(grace, Fixtures.MARKET);
    }

    private BacktestStage stage(Duration grace, Path data) {
        return new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(home, "models/trial_{number}_1h"),
                        grace,
                        MarketDataSettings.of(data),
                        8760,
                        TradingRules.ORIGINAL,
                        GateSet.V2_BASIC,
                        0),
                archive,
                SharedModels.none(),
                StudySize.unknown());
    }

    private void giveModel(int number, Path actor) throws IOException {
        Path directory = Files.createDirectories(home.resolve("models/trial_" + number + "_1h"));
        Files.copy(actor, directory.resolve("actor.pth"));
    }

    private static StageContext context(int number, Instant now) {
        return new Context(trial(number, "ppo_1h"), details(Fixtures.rawParameters(1)), now);
    }

    private static Trial trial(int number, String study) {
        return new Trial(
                1,
                1,
                new TrialKey(study, number),
                new SourceTrial(study, 3, 40 + number, number, "2026-11-23 10:00:00"),
                List.of(1.5),
                List.of(Direction.MAXIMIZE),
                TrialStatus.PENDING,
                null,
                false,
                null,
                1,
                DISCOVERED,
                DISCOVERED);
    }

    private static TrialDetails details(Map<String, Object> parameters) {
        return new TrialDetails(new HashMap<>(parameters), new HashMap<>());
    }

    /** An attempt as the engine would give it. */
    private static class Context implements StageContext {

        private final Trial trial;
        private final TrialDetails details;
        private final Instant now;

        Context(Trial trial, TrialDetails details, Instant now) {
            this.trial = trial;
            this.details = details;
            this.now = now;
        }

        @Override
        public Trial trial() {
            return trial;
        }

        @Override
        public TrialDetails details() {
            return details;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public StageSettings settings() {
            return StageSettings.DEFAULT;
        }

        @Override
        public Map<String, Object> resultsOf(String stage) {
            return Map.of();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public Instant deadline() {
            return now.plusSeconds(60);
        }

        @Override
        public Instant now() {
            return now;
        }
    }
}
