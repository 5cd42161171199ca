package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.gate.GateDecision;
import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates that are code, behind the thresholds of both kinds of backtest, through a real engine. */
class CustomGatesTest {

    private static final TrialKey TRIAL = new TrialKey("study", 1);

    @TempDir
    Path home;

    private final List<GateEvidence> seen = Collections.synchronizedList(new ArrayList<>());
    private final CustomGate yes = CustomGate.of("calm", evidence -> {
        seen.add(evidence);
        return GateDecision.passed("nothing odd");
    });
    private final CustomGate no =
            CustomGate.of("mondays", evidence -> GateDecision.rejected("it only earns on Mondays"));
    private final CustomGate broken = CustomGate.of("broken", evidence -> {
        throw new IOException("no such table");
    });

    private StageRun ended(Stage stage) throws Exception {
        Path directory = Files.createDirectories(home.resolve("models/trial_1_1h"));
        if (!Files.exists(directory.resolve("actor.pth"))) {
            Files.copy(Fixtures.trial(1).resolve("actor.pth"), directory.resolve("actor.pth"));
        }
        try (Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource()
                        .add("study", Direction.MAXIMIZE, 1, 0.5, Map.copyOf(Fixtures.rawParameters(1))))
                .stage(stage, StageSettings.DEFAULT.withMaxAttempts(1))
                .build()) {
            pipeline.runOnce();
            return pipeline.records().stages(TRIAL).get(0);
        }
    }

    private BacktestStage builtIn(GateSet thresholds) {
        return new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(home, "models/trial_{number}_1h"),
                        Duration.ZERO,
                        MarketDataSettings.of(Fixtures.MARKET),
                        8760,
                        TradingRules.ORIGINAL,
                        thresholds,
                        0),
                new ModelArchive(home.resolve("state/models")),
                trial -> Optional.empty(),
                trial -> OptionalLong.of(41));
    }

    private static ExternalBacktest external(double... equity) {
        return ExternalBacktest.of(
                Stage.of(
                        "backtest",
                        context -> StageOutcome.passed("passed")
                                .with(List.of(
                                        new Series("equity", "data", equity),
                                        new Series("fills", "data", new double[equity.length - 1])))),
                8760);
    }

    private static CustomGates gates(CustomGate... gates) {
        return new CustomGates(List.of(gates));
    }

    @Test
    void a_gate_of_ones_own_is_told_figures_and_curve_and_stands_beside_the_thresholds() throws Exception {
        StageRun run = ended(builtIn(GateSet.V2_BASIC).gatedBy(gates(yes)));

        assertThat(run.status()).as(run.reason()).isEqualTo(StageStatus.PASSED);
        assertThat(run.reason()).isEqualTo("passed all 4 gates of v2-basic with own gates");
        Map<?, ?> metrics = (Map<?, ?>) run.results().get("metrics");
        assertThat(seen).singleElement().satisfies(evidence -> {
            assertThat(evidence.trial()).isEqualTo(TRIAL);
            assertThat(evidence.metrics().get("sharpe")).isEqualTo(metrics.get("sharpe"));
            assertThat(evidence.metrics()).containsKeys("legacy_v2.total_return", "legacy_v1.sharpe");
            assertThat(evidence.remarks().get("cagr")).contains("extrapolated");
            assertThat(evidence.equity()[0]).isEqualTo(500);
            assertThat(evidence.completeTrials()).hasValue(41);
        });
        List<?> recorded = (List<?>) run.results().get("gates");
        assertThat(recorded).hasSize(4);
        assertThat(recorded.get(3))
                .hasToString("{gate=calm, metric=null, comparison=null, threshold=null, value=null, margin=null,"
                        + " passed=true, words=calm passed: nothing odd}");
        assertThat((List<?>) run.results().get("thresholds")).last().isEqualTo("calm");
        assertThat(run.results()).containsEntry("gate_set", "v2-basic with own gates");
    }

    @Test
    void its_no_is_the_trials_reason_and_nobody_is_asked_after_it() throws Exception {
        StageRun run = ended(builtIn(GateSet.V2_BASIC).gatedBy(gates(no, broken)));
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        assertThat(run.reason()).isEqualTo("mondays failed: it only earns on Mondays");
        assertThat((List<?>) run.results().get("gates")).hasSize(4);
        assertThat(home.resolve("state/models")).doesNotExist();
    }

    @Test
    void what_fails_a_threshold_is_rejected_without_asking() throws Exception {
        StageRun run = ended(
                external(100, 10).gatedBy(GateSet.V2_BASIC, StudySize.unknown()).gatedBy(gates(broken)));
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        assertThat(run.reason()).startsWith("trades failed: trades is 0, must be >= 1; total return failed");
        assertThat(run.results()).containsEntry("gate_set", "v2-basic with own gates");
    }

    @Test
    void nothing_passes_a_gate_that_cannot_judge() throws Exception {
        CustomGate silent = CustomGate.of("silent", evidence -> null);
        for (CustomGate gate : List.of(broken, silent)) {
            for (Stage stage : List.of(
                    builtIn(GateSet.V2_BASIC).gatedBy(gates(gate)),
                    external(1, 2).gatedBy(gates(gate)))) {
                StageRun run = ended(stage);
                assertThat(run.status()).isEqualTo(StageStatus.FAILED);
                assertThat(run.errorMessage())
                        .startsWith("Gate '" + gate.name() + "' could not judge trial study/1: ")
                        .contains(gate == broken ? "no such table" : "it returned null")
                        .endsWith("Nothing passes a gate that cannot judge: correct it, or remove it from gates.");
            }
        }
    }

    @Test
    void a_backtest_of_ones_own_may_have_no_other_gates() throws Exception {
        StageRun passed = ended(external(1, 2).gatedBy(gates(yes)));
        assertThat(passed.status()).isEqualTo(StageStatus.PASSED);
        assertThat(passed.reason()).isEqualTo("passed all 1 gates of own gates");
        assertThat(seen).singleElement().satisfies(evidence -> {
            assertThat(evidence.equity()).containsExactly(1, 2);
            assertThat(evidence.metrics().get("trades")).isEqualTo(0.0);
            assertThat(evidence.metrics()).containsEntry("beta", null);
            assertThat(evidence.completeTrials()).isEmpty();
        });
        assertThat(ended(external(1, 2).gatedBy(gates(no))).reason())
                .isEqualTo("mondays failed: it only earns on Mondays");
    }

    @Test
    void another_gate_is_another_foundation_of_a_result() throws Exception {
        BacktestStage one = builtIn(GateSet.V2_BASIC).gatedBy(gates(yes));
        StageRun run = ended(one);
        Provenance recorded = Provenance.of(run.results());
        Trial trial;
        try (Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 1, 0.5))
                .stage(Stage.of("backtest", context -> StageOutcome.passed("fine")))
                .build()) {
            pipeline.runOnce();
            trial = pipeline.records().trial(TRIAL).orElseThrow();
        }
        assertThat(recorded.differencesTo(one.provenanceOf(trial, run.results())))
                .isEmpty();
        assertThat(recorded.differencesTo(
                        builtIn(GateSet.V2_BASIC).gatedBy(gates(no)).provenanceOf(trial, run.results())))
                .containsExactly("the gates");
    }

    @Test
    void decisions_and_gates_keep_their_rules() {
        assertThatThrownBy(() -> GateDecision.rejected(" ")).hasMessageContaining("needs a reason in words");
        assertThat(GateDecision.passed("").reason()).isEmpty();
        assertThatThrownBy(() -> gates(yes, yes)).hasMessageContaining("two gates have the name 'calm'");
    }
}
