package io.pipelinev2.backtest;

import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.backtest.gate.GatePolicy;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageOutcome.Passed;
import io.pipelinev2.core.stage.StageOutcome.Rejected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backtest by somebody else's environment: another stage plays the model and returns the equity curve, this one makes the
 * figures of it that the built-in backtest would make, and judges them by the same gates.
 *
 * <pre>{@code
 * Stage measured = ExternalBacktest.of(mine, 8760).gatedBy(GateSet.STRICT, StudySize.unknown());
 * }</pre>
 *
 * <p>Of a verdict with the series {@link BacktestStage#EQUITY} (the start, then after each step) the metrics are computed;
 * {@link BacktestStage#BENCHMARK} (as long) gives those against a benchmark, {@link BacktestStage#FILLS} (one less) the
 * number of trades. What these do not tell is undefined, unless the stage reports it in {@code metrics} of its results:
 * computed figures win, reported ones of other names are kept. A rejection by the stage stands; a pass has to pass the gates
 * too, if there are any. A verdict without equity is judged by what it reports.
 *
 * <p>As safe for use by several threads as the other stage is.
 */
public final class ExternalBacktest implements Stage {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalBacktest.class);

    private final Stage stage;
    private final double periodsPerYear;
    private final @Nullable GatePolicy gates;
    private final StudySize studySize;
    private final CustomGates customGates;

    private ExternalBacktest(
            Stage stage,
            double periodsPerYear,
            @Nullable GatePolicy gates,
            StudySize studySize,
            CustomGates customGates) {
        this.stage = stage;
        this.periodsPerYear = periodsPerYear;
        this.gates = gates;
        this.studySize = studySize;
        this.customGates = customGates;
    }

    /**
     * Measures what a stage returns, and leaves its verdict as it is.
     *
     * @param periodsPerYear steps of its equity curve in a year, by which metrics are annualised
     */
    public static ExternalBacktest of(Stage stage, double periodsPerYear) {
        if (!(periodsPerYear > 0) || Double.isInfinite(periodsPerYear)) {
            throw new IllegalArgumentException("steps per year must be positive and finite, was " + periodsPerYear);
        }
        return new ExternalBacktest(stage, periodsPerYear, null, StudySize.unknown(), CustomGates.NONE);
    }

    /** The same, rejecting what passes but does not pass these gates. */
    public ExternalBacktest gatedBy(GatePolicy policy, StudySize size) {
        return new ExternalBacktest(stage, periodsPerYear, policy, size, customGates);
    }

    /** The same, asking gates of the user's own about what passes all thresholds, if there are any. */
    public ExternalBacktest gatedBy(CustomGates own) {
        return new ExternalBacktest(stage, periodsPerYear, gates, studySize, own);
    }

    @Override
    public String name() {
        return stage.name();
    }

    /**
     * @throws PipelineException if the other stage's series do not fit together, naming what was found and the rule; or if a
     *     gate of the user's own cannot judge
     */
    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        return run(context).outcome();
    }

    /**
     * Has the other stage do its work, and measures and judges what it returns.
     *
     * @throws Exception as {@link #execute}
     */
    public ExternalResult run(StageContext context) throws Exception {
        return judged(context, stage.execute(context));
    }

    /**
     * Measures and judges what the other stage has returned already.
     *
     * @throws PipelineException as {@link #execute}
     */
    public ExternalResult judged(StageContext context, StageOutcome outcome) {
        if (!(outcome instanceof Passed || outcome instanceof Rejected)) {
            return new ExternalResult(outcome, null, null);
        }
        MeasuredCurve measured;
        try {
            measured = MeasuredCurve.of(outcome, periodsPerYear);
        } catch (IllegalArgumentException unfit) {
            throw new PipelineException(
                    "Stage %s returned no curve that can be measured of trial %s: %s. docs/extending.md has the rules."
                            .formatted(name(), context.trial().key(), unfit.getMessage()),
                    unfit);
        }
        Map<String, @Nullable Object> results = new LinkedHashMap<>(measured.results());
        Optional<Verdict> verdict = verdict(context, outcome, measured);
        verdict.ifPresent(judged -> results.putAll(BacktestStage.recorded(judged)));
        return new ExternalResult(
                concluded(context, outcome, results, verdict).with(measured.series()),
                verdict.orElse(null),
                measured.run());
    }

    private Optional<Verdict> verdict(StageContext context, StageOutcome outcome, MeasuredCurve measured) {
        if (gates == null && customGates.gates().isEmpty()) {
            return Optional.empty();
        }
        OptionalLong size = studySize.completeTrials(context.trial());
        Verdict thresholds = gates == null
                ? new Verdict("", "", List.of())
                : gates.gatesFor(size).judge(measured.evidence(), Map.of());
        if (outcome instanceof Rejected) {
            // decided already: nobody has to be asked any more
            return gates == null ? Optional.empty() : Optional.of(thresholds);
        }
        ExternalRun run = measured.run();
        return Optional.of(customGates.judge(
                thresholds,
                () -> GateEvidence.of(
                        context.trial().key(), measured.evidence(), run == null ? new double[0] : run.equity(), size)));
    }

    private static StageOutcome concluded(
            StageContext context,
            StageOutcome outcome,
            Map<String, @Nullable Object> results,
            Optional<Verdict> verdict) {
        String reason = outcome.reason();
        if (outcome instanceof Rejected) {
            return StageOutcome.rejected(reason, results);
        }
        if (verdict.isEmpty()) {
            return StageOutcome.passed(reason, results);
        }
        String judged = verdict.get().reason();
        if (!verdict.get().passed()) {
            LOG.info("Backtest of trial {} rejected: {}", context.trial().key(), judged);
            return StageOutcome.rejected(judged, results);
        }
        boolean silent = reason.isBlank() || reason.equals("passed");
        return StageOutcome.passed(silent ? judged : reason + "; " + judged, results);
    }

    @Override
    public String toString() {
        return "ExternalBacktest[" + stage + "]";
    }
}
