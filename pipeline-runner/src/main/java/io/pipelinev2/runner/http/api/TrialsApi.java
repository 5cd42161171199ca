package io.pipelinev2.runner.http.api;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.http.chart.EquityCharts;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.PageKey;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.logs.LogCursor;
import io.pipelinev2.runner.http.logs.LogExcerpt;
import io.pipelinev2.runner.http.logs.LogFiles;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.http.reading.Curve;
import io.pipelinev2.runner.logging.LevelFilter;
import io.pipelinev2.runner.logging.LogLevel;
import io.pipelinev2.runner.view.TrialDetailView;
import io.pipelinev2.runner.view.TrialRanks;
import io.pipelinev2.runner.view.TrialRow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be read of trials. */
public final class TrialsApi {

    static final int MOST_POINTS = 2000;
    static final int MOST_LINES = 2000;
    public static final Parameter LINES =
            Parameter.integer("lines", "The last how many, 1 to " + MOST_LINES + "; default 200.");
    public static final Parameter LEVEL = Parameter.oneOf(
            "level",
            LogLevel.labels(),
            "Only lines of this level or a graver one; those that have none belong to the line before.");
    static final Parameter AFTER = Parameter.text("after", "`next` of an answer before: only what was written since.");

    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 500;
    private static final Duration SLACK = Duration.ofSeconds(1);
    public static final List<String> SORTS = names(TrialQuery.Sort.values());
    private static final List<String> STAGE_STATUSES =
            Arrays.stream(StageStatus.values()).map(StageStatus::label).toList();

    public static final List<Parameter> LIST = List.of(
            Parameter.text("study", "The label of their study."),
            Parameter.integer("number", "Their number within their study."),
            Parameter.text(
                    "status",
                    "Where they stand, several with commas between: pending, processing, deployed, completed, failed."),
            Parameter.text("stage", "A stage that they stand at: it runs, failed, or is due now or later."),
            Parameter.oneOf("stage_status", STAGE_STATUSES, "Where that stage stands instead; needs `stage`."),
            Parameter.text("text", "What their study, reasons or errors mention."),
            Parameter.oneOf("sort", SORTS, "By what; default: `discovered`."),
            Parameter.oneOf(
                    "order",
                    List.of("asc", "desc"),
                    "From the smallest up, or from the largest down. What has no value comes last."),
            Parameter.text("after", "`next` of the page before."),
            Parameter.integer("limit", "How many, 1 to " + LARGEST_PAGE + "; default " + PAGE + "."));

    private final PipelineStore store;
    private final Cached<TrialRanks> ranks;
    private final Bulkhead bulkhead;
    private final @Nullable HomeDesk desk;

    public TrialsApi(PipelineStore store, Cached<TrialRanks> ranks, Bulkhead bulkhead, @Nullable HomeDesk desk) {
        this.store = store;
        this.ranks = ranks;
        this.bulkhead = bulkhead;
        this.desk = desk;
    }

    public List<Endpoint> endpoints() {
        Parameter points =
                Parameter.integer("points", "How many at most, 10 to " + MOST_POINTS + "; default the most.");
        return List.of(
                Endpoint.get(
                        "/api/v1/trials",
                        "listTrials",
                        "Trials by page.",
                        Access.READ,
                        LIST,
                        Endpoint.Answer.json("Trials"),
                        this::list),
                Endpoint.get(
                        "/api/v1/trials/{id}",
                        "getTrial",
                        "Everything that is known of a trial: stages with results and gates, attempts, findings, events.",
                        Access.READ,
                        List.of(),
                        Endpoint.Answer.json("Trial"),
                        this::detail),
                Endpoint.get(
                        "/api/v1/trials/{id}/equity",
                        "getTrialEquity",
                        "A curve that a stage measured, in few points that keep every extreme; equity with its drawdown and the"
                                + " market.",
                        Access.READ,
                        List.of(
                                Parameter.text("stage", "Which stage; default: backtest."),
                                Parameter.text("series", "Which of its series; default: equity."),
                                points),
                        Endpoint.Answer.json("Curve"),
                        this::equity),
                Endpoint.get(
                        "/api/v1/trials/{id}/attempts/{attempt}/log",
                        "getAttemptLog",
                        "What was logged in one attempt of a stage.",
                        Access.READ,
                        List.of(LINES, LEVEL, AFTER),
                        Endpoint.Answer.json("Log"),
                        this::log));
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private void list(Asked asked) {
        TrialQuery query = query(asked);
        TrialRanks known = ranks();
        asked.answer(bulkhead.run(() -> store.<Map<String, @Nullable Object>>read(tx -> {
            TrialQuery.Page page = tx.trials(query);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("trials", rows(tx, page.trials(), known));
            json.put("next", page.end() == null ? null : PageKey.of(query.sort(), query.descending(), page.end()));
            return json;
        })));
    }

    private static List<Map<String, @Nullable Object>> rows(StoreReader tx, List<Trial> trials, TrialRanks known) {
        Map<Long, Preference> preferences = tx.preferences();
        Map<Long, Deployment> newest = new HashMap<>();
        tx.deployments().forEach(deployment -> newest.put(deployment.trialId(), deployment));
        return trials.stream()
                .map(trial -> {
                    List<StageRun> stages = tx.stages(trial.id());
                    Map<String, @Nullable Object> json =
                            TrialRow.of(trial, stages, known).json();
                    json.put("id", trial.id());
                    json.put("optuna_rank", known.optuna().get(trial.id()));
                    json.put("updated_at", trial.updatedAt());
                    json.put(
                            "version",
                            RowVersion.of(trial, stages, newest.get(trial.id()), preferences.get(trial.id())));
                    return json;
                })
                .toList();
    }

    /** The last that were known, be they a little old; none at first if they take long. */
    private TrialRanks ranks() {
        TrialRanks known = ranks.get().value();
        return known == null ? TrialRanks.none() : known;
    }

    public static TrialQuery query(Asked asked) {
        String sort = asked.query("sort");
        TrialQuery.Sort by =
                sort == null ? TrialQuery.Sort.DISCOVERED : TrialQuery.Sort.valueOf(sort.toUpperCase(Locale.ROOT));
        boolean descending = "desc".equals(asked.query("order"));
        TrialQuery filter = filter(asked::query, asked.query("limit", PAGE, 1, LARGEST_PAGE));
        return new TrialQuery(
                filter.study(),
                filter.number(),
                filter.statuses(),
                filter.stage(),
                filter.stageStatus(),
                filter.text(),
                by,
                descending,
                PageKey.parse(asked.query("after"), by, descending),
                filter.limit());
    }

    /** What these parameters choose, in the order of discovery. */
    public static TrialQuery filter(UnaryOperator<@Nullable String> given, int limit) {
        String stageStatus = given.apply("stage_status");
        String stage = given.apply("stage");
        if (stage == null && stageStatus != null) {
            throw new ProblemException(400, "stage_status needs `stage`: the status of which one?");
        }
        if (stageStatus != null && !STAGE_STATUSES.contains(stageStatus)) {
            throw new ProblemException(400, "stage_status must be one of: " + String.join(", ", STAGE_STATUSES) + ".");
        }
        String text = given.apply("text");
        return new TrialQuery(
                given.apply("study"),
                number(given.apply("number")),
                statuses(given.apply("status")),
                stage,
                stageStatus == null ? null : StageStatus.of(stageStatus),
                text == null ? "" : text,
                TrialQuery.Sort.DISCOVERED,
                false,
                null,
                limit);
    }

    private static @Nullable Integer number(@Nullable String given) {
        if (given == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= 0 && Character.isDigit(given.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notANumber();
        }
        throw notANumber();
    }

    private static ProblemException notANumber() {
        return new ProblemException(400, "number must be a whole number from 0 to " + Integer.MAX_VALUE + ".");
    }

    private static Set<TrialStatus> statuses(@Nullable String list) {
        Set<TrialStatus> statuses = EnumSet.noneOf(TrialStatus.class);
        for (String name : list == null ? new String[0] : list.split(",", -1)) {
            statuses.add(Stream.of(TrialStatus.values())
                    .filter(status -> status.label().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new ProblemException(
                            400,
                            "status must be one of: "
                                    + String.join(
                                            ", ",
                                            Stream.of(TrialStatus.values())
                                                    .map(TrialStatus::label)
                                                    .toList())
                                    + ", or several with commas between.")));
        }
        return statuses;
    }

    public static Trial find(StoreReader tx, long id) {
        return tx.trial(id)
                .orElseThrow(() -> new ProblemException(
                        404,
                        "There is no trial of the id " + id
                                + ". GET /api/v1/trials?number=N finds one by its number; its id is another thing."));
    }

    private void detail(Asked asked) {
        long id = asked.pathId("id");
        TrialRanks known = ranks();
        asked.answer(bulkhead.run(() -> store.<Map<String, @Nullable Object>>read(tx -> {
            Trial trial = find(tx, id);
            Map<String, @Nullable Object> json =
                    TrialDetailView.of(tx, trial, known).json();
            json.put("id", trial.id());
            json.put("batch", trial.batch());
            json.put("version", RowVersion.of(tx, trial));
            return json;
        })));
    }

    private void equity(Asked asked) {
        long id = asked.pathId("id");
        String stage = Optional.ofNullable(asked.query("stage")).orElse(TrialRow.BACKTEST);
        String name = Optional.ofNullable(asked.query("series")).orElse(BacktestStage.EQUITY);
        int points = asked.query("points", MOST_POINTS, 10, MOST_POINTS);
        List<Series> all = bulkhead.run(() -> store.<List<Series>>read(tx -> {
            find(tx, id);
            return tx.seriesOf(id, stage);
        }));
        Series series = all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        404,
                        all.isEmpty()
                                ? "This stage has measured no series of this trial."
                                : "This stage has measured no series of that name, but "
                                        + String.join(
                                                ", ",
                                                all.stream().map(Series::name).toList())
                                        + "."));
        Map<String, @Nullable Object> json = name.equals(BacktestStage.EQUITY)
                ? EquityCharts.of(points, series, EquityCharts.named(all, BacktestStage.BENCHMARK))
                        .json(false)
                : curve(points, series).json(false);
        json.put("basis", series.basis());
        asked.answer(json);
    }

    private static Curve curve(int points, Series series) {
        Curve curve = new Curve(points);
        double[] values = series.values();
        for (int i = 0; i < values.length; i++) {
            curve.add(new Curve.Point(i, 0, values[i]));
        }
        return curve;
    }

    /** An excerpt of what was logged in an attempt. */
    public record AttemptLog(LogExcerpt excerpt, Trial trial, Attempt attempt) {}

    /** @throws ProblemException if there is none (404) */
    public AttemptLog read(Asked asked) throws IOException {
        long id = asked.pathId("id");
        long wanted = asked.pathId("attempt");
        record Found(Trial trial, Attempt attempt) {}
        Found found = bulkhead.run(() -> store.<Found>read(tx -> new Found(
                find(tx, id),
                tx.attempts(id).stream()
                        .filter(each -> each.id() == wanted)
                        .findFirst()
                        .orElseThrow(() -> new ProblemException(
                                404, "This trial had no attempt of that id, or it was forgotten (retention).")))));
        if (desk == null) {
            throw new ProblemException(404, "There is no home here, so there are no logs.");
        }
        Attempt attempt = found.attempt();
        String after = asked.query(AFTER.name());
        Instant since = after == null ? attempt.startedAt().minus(SLACK) : Instant.EPOCH;
        LogFiles log = LogFiles.of(desk.logs(), desk.trialLogs(found.trial().key()), since);
        return new AttemptLog(excerpt(asked, log, line -> isOf(line, attempt)), found.trial(), attempt);
    }

    /** What is asked for of a log. */
    static LogExcerpt excerpt(Asked asked, LogFiles log, @Nullable Predicate<String> wanted) throws IOException {
        int lines = asked.query(LINES.name(), 200, 1, MOST_LINES);
        String after = asked.query(AFTER.name());
        LogCursor from = after == null ? null : LogCursor.parse(after);
        String level = asked.query(LEVEL.name());
        LevelFilter grave =
                level == null ? null : new LevelFilter(LogLevel.of(level), from == null ? null : from.level());
        Predicate<String> all = wanted == null ? line -> true : wanted;
        Predicate<String> asFound = grave == null ? all : all.and(grave);
        LogExcerpt found;
        if (from != null) {
            found = LogExcerpt.after(log, from.place(), lines, asFound);
        } else {
            found = wanted == null && grave == null
                    ? LogExcerpt.last(log, lines)
                    : LogExcerpt.last(log, lines, asFound);
        }
        return grave == null ? found : found.after(grave.last());
    }

    private void log(Asked asked) throws IOException {
        asked.answer(json(read(asked).excerpt()));
    }

    static Map<String, @Nullable Object> json(LogExcerpt log) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("lines", log.lines().stream().map(InertText::of).toList());
        json.put("truncated", log.truncated());
        json.put("next", log.next());
        return json;
    }

    /** Attempts are counted anew after a retry, so their number alone does not tell. */
    private static boolean isOf(String line, Attempt attempt) {
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            Instant at = Instant.parse(json.path("timestamp").asString(""));
            Instant end = attempt.endedAt();
            return json.path("stage").asString("").equals(attempt.stage())
                    && json.path("attempt").asString("").equals(Integer.toString(attempt.number()))
                    && !at.isBefore(attempt.startedAt().minus(SLACK))
                    && (end == null || !at.isAfter(end.plus(SLACK)));
        } catch (JacksonException | DateTimeParseException e) {
            return false;
        }
    }
}
