package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.market.MalformedMarketDataException;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.CheckpointException;
import io.pipelinev2.backtest.policy.ModelDirectory;
import io.pipelinev2.backtest.policy.OnnxModel;
import io.pipelinev2.backtest.policy.OnnxRuntimeUnavailableException;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageUnfitException;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backtest as a stage of the pipeline: finds the trial's model, plays it, and passes or rejects it by the gates.
 *
 * <p>What is wrong for good (a hostile or damaged model, another architecture, malformed market data) is a permanent
 * error; what may be repaired meanwhile (market data missing, a disk that cannot be read) is an ordinary one and retried;
 * a model that is not there yet is waited for during the grace period, without using up an attempt. On a pass the very
 * bytes that were validated are kept in the {@link ModelArchive}.
 *
 * <p>Safe for use by several threads.
 */
public final class BacktestStage implements Stage {

    /** The stage's name in configuration and database. */
    public static final String NAME = "backtest";

    /** The name of the series that it measures: equity at the start and after each step, on the hash of the market data. */
    public static final String EQUITY = "equity";

    /** The name of the series that says where {@link #EQUITY} begins: one number, the row of the market data of its start. */
    public static final String FIRST_BAR = "first_bar";

    /** The name of the series that says how many purchases and sales there were in each step, of trials that passed. */
    public static final String FILLS = "fills";

    /**
     * The name of the series that says what equal capital in every asset, held from the start, is a multiple of: at the start
     * and after each step, of trials that passed.
     */
    public static final String BENCHMARK = "benchmark";

    private static final Logger LOG = LoggerFactory.getLogger(BacktestStage.class);
    private static final String CODE_VERSION =
            Objects.requireNonNullElse(BacktestStage.class.getPackage().getImplementationVersion(), "development");
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final BacktestSettings settings;
    private final ModelArchive archive;
    private final SharedModels sharing;
    private final StudySize studySize;
    private final MarketDataCache marketData;
    private final CustomGates customGates;

    /**
     * @param archive receives the models that pass
     * @param sharing knows which trials cannot be told apart by their model directory
     * @param studySize knows how far studies have come
     */
    public BacktestStage(BacktestSettings settings, ModelArchive archive, SharedModels sharing, StudySize studySize) {
        this(
                settings,
                archive,
                sharing,
                studySize,
                new MarketDataCache(settings.data(), settings.sealed()),
                CustomGates.NONE);
    }

    private BacktestStage(
            BacktestSettings settings,
            ModelArchive archive,
            SharedModels sharing,
            StudySize studySize,
            MarketDataCache marketData,
            CustomGates customGates) {
        this.settings = settings;
        this.archive = archive;
        this.sharing = sharing;
        this.studySize = studySize;
        this.marketData = marketData;
        this.customGates = customGates;
    }

    /** The same, asking gates of the user's own about what passes the thresholds of its settings. */
    public BacktestStage gatedBy(CustomGates own) {
        return new BacktestStage(settings, archive, sharing, studySize, marketData, own);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageOutcome execute(StageContext context) {
        Trial trial = context.trial();
        BooleanSupplier cancelled =
                () -> context.isCancelled() || Thread.currentThread().isInterrupted();
        // a verdict that is given again is given on what was validated, whatever directory and storage hold by now
        Map<String, @Nullable Object> earlier = context.resultsOf(NAME);
        ModelDirectory model;
        AgentParameters parameters;
        if (earlier.get("model_sha256") instanceof String sha256) {
            model = new ModelDirectory(validated(sha256, trial), List.of());
            parameters = earlier.get("parameters") instanceof Map<?, ?> recorded
                    ? parameters(() -> AgentParameters.recorded(recorded))
                    : parametersOf(details(context));
        } else {
            model = arrived(directoryOf(trial), context);
            parameters = parametersOf(details(context));
        }
        BacktestResult result = play(trial, model, parameters, cancelled);
        String reason = result.verdict().reason();
        List<Series> measured = List.of(
                new Series(EQUITY, result.dataSha256(), result.equity()),
                new Series(FIRST_BAR, result.dataSha256(), new double[] {
                    result.curves().firstBar()
                }));
        if (!result.verdict().passed()) {
            LOG.info("Backtest of trial {} rejected: {}", trial.key(), reason);
            return StageOutcome.rejected(reason, recorded(result)).with(measured);
        }
        archive.keep(model.model().bytes(), model.model().fileName());
        LOG.info(
                "Backtest of trial {} passed: return {}, {} trades",
                trial.key(),
                result.legacyV2().totalReturn(),
                result.trades().total());
        List<Series> kept = new ArrayList<>(measured);
        kept.add(new Series(
                FILLS,
                result.dataSha256(),
                Arrays.stream(result.curves().fills()).asDoubleStream().toArray()));
        kept.add(new Series(BENCHMARK, result.dataSha256(), result.curves().benchmark()));
        return StageOutcome.passed(reason, recorded(result)).with(kept);
    }

    /** The copy that the archive holds of the model that a trial was validated with. */
    private ActorModel validated(String sha256, Trial trial) {
        try {
            return kept(sha256);
        } catch (OnnxRuntimeUnavailableException forAll) {
            throw unfit(forAll);
        } catch (CheckpointException refused) {
            throw new PermanentStageException(
                    refused.getMessage() + " Or run `retry " + trial.key()
                            + "` to have the model in its model directory validated instead.",
                    refused);
        }
    }

    /**
     * The copy of a validated model.
     *
     * @throws CheckpointException when there is none, or another file in its place
     * @throws PipelineException when it cannot be read; a later attempt may succeed
     */
    private ActorModel kept(String sha256) {
        Path directory = archive.directoryOf(sha256);
        for (String name : List.of(ActorCheckpoint.FILE_NAME, OnnxModel.FILE_NAME)) {
            Path copy = directory.resolve(name);
            if (Files.exists(copy)) {
                return checked(copy, sha256);
            }
        }
        throw new CheckpointException(
                "There is no copy of the validated model in " + directory + ". Restore it from a backup.");
    }

    private static ActorModel checked(Path copy, String sha256) {
        try {
            ActorModel model = ActorModel.read(copy);
            if (model.sha256().equals(sha256)) {
                return model;
            }
        } catch (CheckpointException damaged) {
            LOG.debug("The copy {} of a validated model is no model any more.", copy, damaged);
        } catch (IOException unreadable) {
            throw unreadable("the copy of the validated model", copy, unreadable);
        }
        throw new CheckpointException("The file " + copy
                + " is not the model that was validated: its content was changed. Restore it from a backup.");
    }

    /** What is stored of a result: the result, and what it rests on that it does not say itself. */
    public static Map<String, @Nullable Object> recorded(BacktestResult result) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(result.toMap());
        map.put("thresholds", bases(result.verdict()));
        map.put("code_version", CODE_VERSION);
        map.put("data_range", range(result));
        return map;
    }

    /** What is stored of a verdict. */
    static Map<String, @Nullable Object> recorded(Verdict verdict) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("gate_set", verdict.gateSet());
        map.put("gate_set_remark", verdict.remark());
        map.put("gates", verdict.results().stream().map(GateResult::toMap).toList());
        map.put("thresholds", bases(verdict));
        return map;
    }

    /** Which bars were played: rows of the market data, and their times where these are known. */
    private static Map<String, @Nullable Object> range(BacktestResult result) {
        RunCurves curves = result.curves();
        int steps = result.legacyV2().steps();
        long[] times = curves.times();
        Map<String, @Nullable Object> range = new LinkedHashMap<>();
        range.put("assets", curves.assets());
        range.put("first_bar", curves.firstBar());
        range.put("last_bar", curves.firstBar() + steps);
        range.put("from", times == null ? null : Instant.ofEpochMilli(times[0]).toString());
        range.put(
                "to", times == null ? null : Instant.ofEpochMilli(times[steps]).toString());
        return range;
    }

    /** What gates judged by: those of a verdict that passed are all that there were. */
    private static List<String> bases(Verdict verdict) {
        return verdict.results().stream().map(GateResult::basis).toList();
    }

    /**
     * What a repetition of a trial's backtest would rest on now: the model and the parameters of the validation by
     * construction, and whatever else holds today.
     *
     * @throws PipelineException when the market data cannot be read
     */
    public Provenance provenanceOf(Trial trial, Map<String, ? extends @Nullable Object> results) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put("model_sha256", results.get("model_sha256"));
        parts.put("parameters", results.get("parameters"));
        parts.put("data_sha256", windows().ranked().sha256());
        parts.put("environment", settings.rules().toMap());
        parts.put("periods_per_year", settings.periodsPerYear());
        parts.put(
                "thresholds",
                Stream.concat(gates(trial).gates().stream().map(Gate::basis), customGates.bases().stream())
                        .toList());
        parts.put("code_version", CODE_VERSION);
        return new Provenance(parts);
    }

    /**
     * Whether the market data overlaps what the trials were trained on, in a sentence.
     *
     * @throws PipelineException when the market data cannot be read
     */
    public String trainingOverlap() {
        return marketData.overlapOf(windows().ranked()).sentence();
    }

    /** Whether bars are kept back from the backtest. */
    public boolean sealsBars() {
        return settings.sealed() > 0;
    }

    /**
     * Plays a validated model on the bars that were kept back, for one that has been chosen, by the rules and parameters that
     * its backtest recorded.
     *
     * @param results what its backtest recorded
     * @throws PipelineException when there is no copy of the model, the market data is not that of the backtest, or the model
     *     cannot be played on these bars
     */
    public BacktestResult playSealed(Map<String, ? extends @Nullable Object> results) {
        if (!(results.get("model_sha256") instanceof String sha256)
                || !(results.get("parameters") instanceof Map<?, ?> parameters)
                || !(results.get("environment") instanceof Map<?, ?> environment)
                || !(results.get("periods_per_year") instanceof Number periodsPerYear)) {
            throw new PipelineException(
                    "The backtest did not record what it played. Run `revalidate` to have it recorded.");
        }
        MarketWindows windows = windows();
        if (!windows.ranked().sha256().equals(results.get("data_sha256"))) {
            throw new PipelineException("The market data has changed since the backtest; run `revalidate`.");
        }
        AgentParameters agent = AgentParameters.recorded(parameters);
        return Backtest.of(TradingRules.recorded(environment), GateSet.V2_BASIC)
                .periodsPerYear(periodsPerYear.doubleValue())
                .run(windows.sealed(agent.lookback()), kept(sha256), agent);
    }

    private MarketWindows windows() {
        try {
            return marketData.get();
        } catch (IOException unreadable) {
            throw unreadable("the market data", settings.data().directory(), unreadable);
        }
    }

    private GateSet gates(Trial trial) {
        return settings.gates().gatesFor(studySize.completeTrials(trial));
    }

    /**
     * The backtest alone, without archive and without waiting for a model: for commands that look and leave no trace.
     *
     * @throws PermanentStageException when it cannot be done for this trial as things stand
     * @throws PipelineException when a file cannot be read
     */
    public BacktestResult backtest(Trial trial, TrialDetails details, BooleanSupplier cancelled) {
        Path directory = directoryOf(trial);
        try {
            return play(trial, ModelDirectory.read(directory), parametersOf(details), cancelled);
        } catch (NoSuchFileException missing) {
            throw missing(directory, missing, trial);
        } catch (IOException unreadable) {
            throw unreadable("the model", directory, unreadable);
        } catch (OnnxRuntimeUnavailableException forAll) {
            throw unfit(forAll);
        } catch (CheckpointException refused) {
            throw permanent(refused);
        }
    }

    private Path directoryOf(Trial trial) {
        Path directory = settings.models().of(trial.source());
        if (!settings.models().distinguishesStudies()) {
            sharing.rivalOf(trial).ifPresent(rival -> {
                throw new PermanentStageException("The model in " + directory + " may be that of trial " + trial.key()
                        + " or that of trial " + rival + ": models.directory ('"
                        + settings.models().template() + "') is the same for both, and a guess may trade the wrong one."
                        + " Put {study} or {study_id} into it, or follow one of the studies alone (optuna.studies), and"
                        + " run `retry " + trial.key() + "`.");
            });
        }
        return directory;
    }

    private AgentParameters parametersOf(TrialDetails details) {
        return parameters(() -> AgentParameters.from(details.parameters(), settings.rules()));
    }

    private static AgentParameters parameters(Supplier<AgentParameters> reading) {
        try {
            return reading.get();
        } catch (EnvironmentException forGood) {
            throw permanent(forGood);
        }
    }

    private BacktestResult play(
            Trial trial, ModelDirectory model, AgentParameters parameters, BooleanSupplier cancelled) {
        BacktestResult result = unjudged(trial, model, parameters, cancelled);
        return result.judged(customGates.judge(
                result.verdict(),
                () -> GateEvidence.of(
                        trial.key(),
                        Evidence.of(result.metrics(), result.equity()),
                        result.equity(),
                        studySize.completeTrials(trial))));
    }

    /** Not judged yet by gates of the user's own. */
    private BacktestResult unjudged(
            Trial trial, ModelDirectory model, AgentParameters parameters, BooleanSupplier cancelled) {
        try {
            MarketData market = windows().ranked();
            return Backtest.of(settings.rules(), gates(trial))
                    .periodsPerYear(settings.periodsPerYear())
                    .cancelledWhen(cancelled)
                    .run(market, model.model(), parameters)
                    .warned(model.warnings())
                    .warned(marketData.overlapOf(market).warnings());
        } catch (MalformedMarketDataException | OnnxRuntimeUnavailableException forAll) {
            throw unfit(forAll);
        } catch (CheckpointException | EnvironmentException forGood) {
            throw permanent(forGood);
        }
    }

    private ModelDirectory arrived(Path directory, StageContext context) {
        Instant until = context.trial().createdAt().plus(settings.grace());
        boolean mayStillArrive = context.now().isBefore(until);
        try {
            return ModelDirectory.read(directory);
        } catch (NoSuchFileException missing) {
            if (mayStillArrive) {
                throw notReady("waiting until " + until + " for its model: " + reasonOf(missing), context.now(), until);
            }
            throw missing(directory, missing, context.trial());
        } catch (CheckpointException refused) {
            // A file that is still being copied looks like one that was cut short.
            if (mayStillArrive) {
                throw notReady(
                        "waiting until " + until + " for its model, which may still be being copied: "
                                + refused.getMessage(),
                        context.now(),
                        until);
            }
            throw permanent(refused);
        } catch (OnnxRuntimeUnavailableException forAll) {
            throw unfit(forAll);
        } catch (IOException unreadable) {
            throw unreadable("the model", directory, unreadable);
        }
    }

    private static TrialDetails details(StageContext context) {
        try {
            return context.details();
        } catch (TrialGoneException gone) {
            throw permanent(gone);
        }
    }

    private static StageNotReadyException notReady(String reason, Instant now, Instant until) {
        Instant soon = now.plus(LOOK_AGAIN);
        return new StageNotReadyException(reason, soon.isBefore(until) ? soon : until);
    }

    private static PermanentStageException missing(Path directory, NoSuchFileException missing, Trial trial) {
        return new PermanentStageException(
                reasonOf(missing)
                        + ". A trial is backtested with the actor.pth or actor.onnx in its model directory"
                        + " (models.directory)."
                        + " Copy it to " + directory + " and run `retry " + trial.key() + "`.",
                missing);
    }

    private static PermanentStageException permanent(PipelineException cause) {
        return new PermanentStageException(String.valueOf(cause.getMessage()), cause);
    }

    private static StageUnfitException unfit(PipelineException cause) {
        return new StageUnfitException(String.valueOf(cause.getMessage()), cause);
    }

    private static PipelineException unreadable(String what, Path where, IOException cause) {
        return new PipelineException(
                "Cannot read " + what + " in " + where + ": " + reasonOf(cause)
                        + ". It is tried again while attempts are left.",
                cause);
    }

    /** The sentence that our own readers give, else what the file system said. */
    private static String reasonOf(IOException cause) {
        String reason = cause instanceof NoSuchFileException missing ? missing.getReason() : null;
        return reason == null ? cause.toString() : reason;
    }
}
