package io.pipelinev2.deploy;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Paper accounts of a real model on real data, without a process: the game of the trader, and the lines that it writes. */
final class PaperAccounts {

    // 1,680 bars: long enough to say something about
    private static final Path FIXTURES =
            Path.of("../pipeline-backtest/src/test/resources").toAbsolutePath();
    static final Path DATA = FIXTURES.resolve("market");
    private static final Path MODEL = FIXTURES.resolve("trials/trial_2_1h/actor.pth");
    static final AgentParameters PARAMETERS = AgentParameters.from(
            Map.of(
                    "lookback", 2,
                    "net_dimension", 128,
                    "norm_action", 60,
                    "min_cash_reserve", 0.2,
                    "norm_cash_exp", -10,
                    "norm_stocks_exp", -6,
                    "norm_tech_exp", -15),
            TradingRules.ORIGINAL);
    static final Instant FIRST_BAR = Instant.parse("2025-03-01T00:00:00Z");

    /** Computed once for all accounts: it takes longer than most of what is done with it. */
    private static final MarketData MARKET = market();

    private static final ActorCheckpoint CHECKPOINT = checkpoint();
    private static final BacktestResult BACKTEST =
            Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC).run(MARKET, new ActorNetwork(CHECKPOINT), PARAMETERS);

    final MarketData market = MARKET;
    final ActorCheckpoint model = CHECKPOINT;
    final BacktestResult backtest = BACKTEST;
    final Home home;
    final ManualClock clock;

    /** @param clock only for accounts whose lines are written here */
    PaperAccounts(Home home, ManualClock clock) {
        this.home = home;
        this.clock = clock;
    }

    private static MarketData market() {
        try {
            return MarketData.load(DATA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ActorCheckpoint checkpoint() {
        try {
            return ActorCheckpoint.read(MODEL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A trial with the real backtest of the model, and what that measured. */
    Trial validated(int number) {
        Map<String, @Nullable Object> results = new LinkedHashMap<>(backtest.toMap());
        results.put("model_sha256", home.models.keep(bytes(), "actor.pth"));
        Trial trial = home.validated(number, 1, results);
        double[] fills =
                Arrays.stream(backtest.curves().fills()).asDoubleStream().toArray();
        home.store.write(tx -> {
            tx.put(
                    trial.id(),
                    BacktestStage.NAME,
                    List.of(
                            new Series(BacktestStage.EQUITY, backtest.dataSha256(), backtest.equity()),
                            new Series(
                                    BacktestStage.BENCHMARK,
                                    backtest.dataSha256(),
                                    backtest.curves().benchmark()),
                            new Series(BacktestStage.FILLS, backtest.dataSha256(), fills)));
            return null;
        });
        return trial;
    }

    private static byte[] bytes() {
        try {
            return Files.readAllBytes(MODEL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A trial with the real backtest of the model, deployed; nothing runs. */
    Deployment deployed(int number) {
        Trial trial = validated(number);
        return home.store.write(tx -> tx.insert(
                Deployment.wanted(trial.id(), trial.key(), model.sha256(), "rank 1", null, home.store.now())));
    }

    Path directory(long deployment) {
        return home.directory.resolve("state/deployments/" + deployment);
    }

    /** What the trader of this model would write into a ledger, the opening first. */
    List<Line> play(Deployment deployment, TradingRules rules, UnaryOperator<float[]> policy) {
        TradingEnvironment game = new TradingEnvironment(market, rules, PARAMETERS);
        Policy actor = new ActorNetwork(model);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(LedgerLine.OPEN, opening(deployment, game)));
        float[] state = new float[game.stateDimension()];
        float[] action = new float[game.assets()];
        for (int step = 1; !game.isDone(); step++) {
            game.observe(state);
            actor.act(state, action);
            game.step(policy.apply(action));
            lines.add(new Line(LedgerLine.BAR, bar(game, step)));
        }
        return lines;
    }

    List<Line> play(Deployment deployment) {
        return play(deployment, TradingRules.ORIGINAL, action -> action);
    }

    private Map<String, @Nullable Object> opening(Deployment deployment, TradingEnvironment game) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("deployment", deployment.id());
        fields.put("model_sha256", deployment.modelSha256());
        fields.put("assets", backtest.curves().assets());
        fields.put("rules", TradingRules.ORIGINAL.toMap());
        fields.put("beginning", List.of(Map.of("prices", List.of(1)), Map.of("prices", prices(game))));
        return fields;
    }

    private Map<String, @Nullable Object> bar(TradingEnvironment game, int step) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("step", step);
        fields.put("bar_time", FIRST_BAR.plus(Duration.ofHours(step)).toString());
        fields.put("equity", game.equity());
        fields.put("cash", game.cash());
        fields.put("fees", game.fees());
        fields.put("fills", game.fills().stream().map(PaperAccounts::fill).toList());
        fields.put("risk", Map.of("high_water", 500));
        fields.put("prices", prices(game));
        fields.put("tech", List.of(1, 2, 3));
        return fields;
    }

    private List<Double> prices(TradingEnvironment game) {
        List<Double> prices = new ArrayList<>();
        for (int asset = 0; asset < game.assets(); asset++) {
            prices.add(market.price(game.row(), asset));
        }
        return prices;
    }

    private static Map<String, Object> fill(Fill fill) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("asset", fill.asset());
        fields.put("side", fill.side().buys() ? "buy" : "sell");
        fields.put("quantity", fill.quantity());
        fields.put("price", fill.price());
        fields.put("fee", fill.fee());
        return fields;
    }

    /** A line before it has a number. */
    record Line(String kind, Map<String, @Nullable Object> fields) {}

    /** The ledger of a deployment, for its trader. */
    Ledger ledger(long deployment) throws IOException {
        Files.createDirectories(directory(deployment));
        return Ledger.open(directory(deployment).resolve(Ledger.NAME), clock, (kind, content) -> {});
    }

    /** Appends lines, each so long after the one before. */
    void append(Ledger ledger, List<Line> lines, Duration between) throws IOException {
        for (Line line : lines) {
            ledger.append(line.kind(), line.fields());
            clock.advance(between);
        }
    }

    /** Appends lines to a ledger that nobody writes to, each so long after the one before. */
    void append(long deployment, List<Line> lines, Duration between) throws IOException {
        try (Ledger ledger = ledger(deployment)) {
            append(ledger, lines, between);
        }
    }

    Map<String, @Nullable Object> finding(Deployment deployment, String name) {
        return home.store.read((StoreReader tx) -> tx.findings(deployment.trialId())).stream()
                .filter(finding -> finding.name().equals(name))
                .map(finding -> finding.content())
                .findFirst()
                .orElse(Map.of());
    }
}
