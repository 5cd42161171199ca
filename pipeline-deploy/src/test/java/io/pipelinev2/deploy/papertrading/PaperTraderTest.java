package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.Remains;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperTraderTest {

    private static final Path FIXTURE = Path.of("src/test/resources/trader").toAbsolutePath();
    private static final Path MODEL = FIXTURE.resolve("actor.pth");
    private static final Path DATA = FIXTURE.resolve("data");
    private static final Map<String, @Nullable Object> PARAMETERS =
            Map.of("lookback", 1, "norm_action", 20.0, "net_dimension", 64);

    private static MarketData market;
    private static ActorCheckpoint model;
    private static BacktestResult backtest;

    @TempDir
    static Path shared;

    private static List<Path> played;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeAll
    static void backtest() throws Exception {
        market = MarketData.load(DATA);
        model = ActorCheckpoint.read(MODEL);
        backtest = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(market, new ActorNetwork(model), AgentParameters.from(PARAMETERS));
        Process process = start(shared, trader("first", Duration.ZERO));
        awaitIdle(shared, "first");
        terminate(process);
        try (Stream<Path> files = Files.list(shared)) {
            played = files.toList();
        }
    }

    @AfterEach
    void nothing_is_left_running() {
        Remains.endAllIn(directory);
    }

    private static TraderFile trader(String nonce, Duration pace) {
        return trader(nonce, pace, Map.of());
    }

    private static TraderFile trader(String nonce, Duration pace, Map<String, @Nullable Object> rules) {
        return new TraderFile(
                7,
                nonce,
                new TrialKey("ppo", 1),
                MODEL,
                model.sha256(),
                MarketSource.of(DATA),
                PARAMETERS,
                rules,
                pace,
                8760);
    }

    private static Process start(Path state, TraderFile trader) throws Exception {
        Files.createDirectories(state);
        trader.writeTo(state);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PaperTraderMain.class.getName(),
                        "--state",
                        state.toString())
                .directory(state.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(state.resolve("log").toFile()));
        builder.environment().put(ProcessTable.NONCE_VARIABLE, trader.nonce());
        return builder.start();
    }

    private static Heartbeat heartbeat(Path state) {
        return Heartbeat.read(state).orElseThrow();
    }

    private static void awaitIdle(Path state, String nonce) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(Heartbeat.read(state)).isPresent();
            assertThat(heartbeat(state).nonce()).isEqualTo(nonce);
            assertThat(heartbeat(state).phase()).isEqualTo(Phase.IDLE);
        });
    }

    private static void terminate(Process process) throws Exception {
        process.destroy();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    /** Runs in this process until the account is idle or the trader refuses. */
    private int refuse(TraderFile trader) {
        trader.writeTo(directory);
        return PaperTrader.run(
                directory,
                Map.of(ProcessTable.NONCE_VARIABLE, trader.nonce()),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                Clock.system(),
                new StopSignal());
    }

    private void playedToTheEnd() throws Exception {
        for (Path file : played) {
            Files.copy(file, directory.resolve(file.getFileName()));
        }
    }

    @Test
    void it_plays_the_very_game_of_the_backtest() throws Exception {
        playedToTheEnd();

        Ledgers ledger = Ledgers.in(directory);
        assertThat(ledger.equity()).isEqualTo(Ledgers.equity(backtest));
        assertThat(ledger.cash()).isEqualTo(Ledgers.cash(backtest));
        assertThat(ledger.fills()).hasSize(backtest.trades().total());
        assertThat(backtest.trades().total()).isPositive();
        assertThat(ledger.lines().get(0).fields()).containsEntry("mode", "PAPER");
        assertThat(Verification.of(directory, null))
                .isEqualTo(new Verification.Result(ledger.bars().size(), null));
    }

    @Test
    void every_order_has_an_id_of_its_own() throws Exception {
        playedToTheEnd();

        List<String> ids = Ledgers.in(directory).fills().stream()
                .map(fill -> String.valueOf(fill.get("id")))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("7-\\d+-\\d+"));
    }

    @Test
    void an_onnx_model_is_played_as_in_its_backtest() throws Exception {
        ActorModel onnx = ActorModel.read(FIXTURE.resolve("actor.onnx"));
        BacktestResult expected = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(market, onnx, AgentParameters.from(PARAMETERS));
        Process process = start(
                directory,
                new TraderFile(
                        7,
                        "onnx",
                        new TrialKey("ppo", 1),
                        FIXTURE.resolve("actor.onnx"),
                        onnx.sha256(),
                        MarketSource.of(DATA),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        8760));
        awaitIdle(directory, "onnx");
        terminate(process);

        assertThat(process.exitValue()).isZero();
        assertThat(Ledgers.in(directory).equity()).isEqualTo(Ledgers.equity(expected));
        assertThat(Verification.of(directory, null).isEqual()).isTrue();
    }

    @Test
    void killed_at_random_it_goes_on_where_it_stopped_and_trades_no_bar_twice() throws Exception {
        Path whole = directory.resolve("whole");
        Path broken = directory.resolve("broken");
        Process uninterrupted = start(whole, trader("whole", Duration.ZERO));
        Random random = new Random(20261123);
        int kills = 0;
        for (int stop = 10 + random.nextInt(40); stop < 190; stop += 25 + random.nextInt(60)) {
            String nonce = "start " + kills;
            int until = stop;
            Process process = start(broken, trader(nonce, Duration.ofMillis(2)));
            awaitStep(broken, until);
            process.destroyForcibly().waitFor();
            // What a crash within a write leaves: a line that does not count.
            Files.writeString(broken.resolve(Ledger.NAME), "{\"seq\":", StandardOpenOption.APPEND);
            kills++;
        }
        Process last = start(broken, trader("last", Duration.ZERO));
        awaitIdle(broken, "last");
        awaitIdle(whole, "whole");
        terminate(last);
        terminate(uninterrupted);

        assertThat(kills).isGreaterThanOrEqualTo(2);
        assertThat(Ledgers.in(broken).outcomes())
                .hasSize(backtest.equity().length - 1)
                .isEqualTo(Ledgers.in(whole).outcomes());
        assertThat(Ledgers.in(broken).kinds())
                .filteredOn(LedgerLine.NOTICE::equals)
                .hasSize(kills);
        assertThat(Verification.of(broken, null).isEqual()).isTrue();
    }

    @Test
    void by_honest_rules_it_plays_the_game_of_the_backtest_too_even_when_it_stops_with_orders_pending()
            throws Exception {
        TradingRules honest = TradingRules.ORIGINAL.with(rules -> rules.fills(Fills.NEXT_BAR)
                .slippageBps(5)
                .trailingStop(0.02)
                .maxPosition(0.3)
                .forcedSaleAfter(12));
        BacktestResult expected = Backtest.of(honest, GateSet.V2_BASIC)
                .run(market, new ActorNetwork(model), AgentParameters.from(PARAMETERS));
        Map<String, @Nullable Object> recorded = new LinkedHashMap<>(honest.toMap());
        int stops = 0;
        int pending = 0;
        for (int stop = 30; stop < 190; stop += 60) {
            String nonce = "start " + stops;
            int until = stop;
            Process process = start(directory, trader(nonce, Duration.ofMillis(2), recorded));
            awaitStep(directory, until);
            terminate(process);
            pending += Ledgers.in(directory)
                    .bars()
                    .getLast()
                    .read()
                    .objectsOrNone("pending")
                    .size();
            stops++;
        }
        Process last = start(directory, trader("last", Duration.ZERO, recorded));
        awaitIdle(directory, "last");
        terminate(last);

        assertThat(pending).as("orders that waited while it was down").isPositive();
        assertThat(expected.trades().total()).isPositive();
        Ledgers ledger = Ledgers.in(directory);
        assertThat(ledger.equity()).isEqualTo(Ledgers.equity(expected));
        assertThat(ledger.fills()).hasSize(expected.trades().total());
        assertThat(ledger.bars().getLast().read().objectsOrNone("pending"))
                .hasSize(expected.trades().lapsedOrders());
        assertThat(Verification.of(directory, null).isEqual()).isTrue();
    }

    @Test
    void an_account_of_an_earlier_version_is_refused_in_words() throws Exception {
        Files.writeString(directory.resolve("state.json"), "{}");

        assertThat(refuse(trader("n", Duration.ZERO))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("an account of an earlier version");
        assertThat(directory.resolve("ledger.jsonl")).doesNotExist();
    }

    private static void awaitStep(Path state, int step) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> Ledgers.in(state).bars().size() >= step);
    }

    @Test
    void asked_to_end_it_saves_and_exits_at_once_even_while_it_waits() throws Exception {
        Process process = start(directory, trader("n", Duration.ofHours(1)));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Heartbeat.read(directory).isPresent());

        long before = System.nanoTime();
        terminate(process);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(process.exitValue()).isZero();
        assertThat(ExitRecord.read(directory, "n")).hasValueSatisfying(exit -> {
            assertThat(exit.code()).isZero();
            assertThat(exit.reason()).isEqualTo("asked to end");
        });
        assertThat(ExitRecord.read(directory, "another")).isEmpty();
        assertThat(heartbeat(directory).phase()).isEqualTo(Phase.STOPPING);
    }

    @Test
    void the_account_of_another_deployment_or_model_is_refused() throws Exception {
        playedToTheEnd();
        byte[] account = Files.readAllBytes(directory.resolve(Ledger.NAME));

        TraderFile other = trader("n", Duration.ZERO);
        assertThat(refuse(new TraderFile(
                        8,
                        "n",
                        other.trial(),
                        MODEL,
                        model.sha256(),
                        MarketSource.of(DATA),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        8760)))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("belongs to deployment 7, not 8");

        ActorModel onnx = ActorModel.read(FIXTURE.resolve("actor.onnx"));
        assertThat(refuse(new TraderFile(
                        7,
                        "n",
                        other.trial(),
                        FIXTURE.resolve("actor.onnx"),
                        onnx.sha256(),
                        MarketSource.of(DATA),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        8760)))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("was traded by the model " + model.sha256());
        assertThat(ExitRecord.read(directory, "n").orElseThrow().code()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(Files.readAllBytes(directory.resolve(Ledger.NAME))).isEqualTo(account);
    }

    @Test
    void an_account_on_other_bars_is_refused() throws Exception {
        playedToTheEnd();
        byte[] account = Files.readAllBytes(directory.resolve(Ledger.NAME));
        Path other = directory.resolve("other");
        Files.createDirectories(other);
        byte[] prices = Files.readAllBytes(DATA.resolve("val/price_array.npy"));
        for (int at = 128; at < prices.length; at += Double.BYTES) {
            prices[at] ^= 1;
        }
        Files.write(other.resolve("price_array.npy"), prices);
        Files.copy(DATA.resolve("val/tech_array.npy"), other.resolve("tech_array.npy"));

        assertThat(refuse(new TraderFile(
                        7,
                        "n",
                        new TrialKey("ppo", 1),
                        MODEL,
                        model.sha256(),
                        MarketSource.of(other),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        1)))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("was traded on other bars");
        assertThat(Files.readAllBytes(directory.resolve(Ledger.NAME))).isEqualTo(account);
    }

    @Test
    void the_market_is_named_with_all_that_reading_it_takes() throws Exception {
        MarketSource source = new MarketSource(DATA, Optional.of(ZoneId.of("America/New_York")), List.of("BTC", "ETH"));
        TraderFile file = new TraderFile(
                7, "n", new TrialKey("ppo", 1), MODEL, "0", source, PARAMETERS, Map.of(), Duration.ZERO, 8760);

        file.writeTo(directory);

        assertThat(TraderFile.read(directory).data()).isEqualTo(source);
    }

    @Test
    void a_damaged_account_is_never_started_over() throws Exception {
        playedToTheEnd();
        Path account = directory.resolve(Ledger.NAME);
        byte[] damaged = Files.readAllBytes(account);
        damaged[damaged.length / 2] ^= 1;
        Files.write(account, damaged);

        assertThat(refuse(trader("n", Duration.ZERO))).isEqualTo(ExitCode.DATA);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("is not started over silently");
        assertThat(Files.readAllBytes(account)).isEqualTo(damaged);
    }

    @Test
    void a_last_line_torn_at_any_byte_is_traded_again_with_the_same_outcome() throws Exception {
        playedToTheEnd();
        Ledgers whole = Ledgers.in(directory);
        byte[] bytes = Files.readAllBytes(directory.resolve(Ledger.NAME));
        int end = Ledgers.endOf(LedgerLine.BAR, bytes);
        int begin = new String(bytes, 0, end - 1, StandardCharsets.ISO_8859_1).lastIndexOf('\n') + 1;
        // Some of the bytes; that a ledger finds all of them is tested there.
        for (int length = begin; length < end; length += (end - begin) / 8) {
            Files.write(directory.resolve(Ledger.NAME), Arrays.copyOf(bytes, length));
            trader("n", Duration.ZERO).writeTo(directory);
            Trading.untilIdle(directory, "n");

            assertThat(Ledgers.in(directory).outcomes()).isEqualTo(whole.outcomes());
        }
    }

    @Test
    void another_models_weights_are_never_traded() {
        assertThat(refuse(new TraderFile(
                        7,
                        "n",
                        new TrialKey("ppo", 1),
                        MODEL,
                        "0".repeat(64),
                        MarketSource.of(DATA),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        8760)))
                .isEqualTo(ExitCode.DATA);
        assertThat(Files.exists(directory.resolve(Ledger.NAME))).isFalse();
    }

    @Test
    void it_cannot_be_started_by_hand_beside_the_pipeline() {
        trader("n", Duration.ZERO).writeTo(directory);

        int code = PaperTrader.run(
                directory,
                Map.of(),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                Clock.system(),
                new StopSignal());

        assertThat(code).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("is started by the pipeline alone");
        assertThat(directory.resolve("exit.json")).doesNotExist();
    }

    @Test
    void without_a_trader_file_there_is_nothing_to_trade() {
        int code = PaperTrader.run(
                directory,
                Map.of(),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                Clock.system(),
                new StopSignal());
        assertThat(code).isEqualTo(ExitCode.NO_INPUT);
    }

    @Test
    void what_a_backtest_records_describes_the_same_game() {
        Map<String, @Nullable Object> recorded =
                new LinkedHashMap<>(backtest.parameters().toMap());
        assertThat(Parameters.of(recorded, TradingRules.ORIGINAL)).isEqualTo(AgentParameters.from(PARAMETERS));
        assertThat(TradingRules.recorded(new LinkedHashMap<>(backtest.rules().toMap())))
                .isEqualTo(TradingRules.ORIGINAL);
        assertThat(TradingRules.recorded(Map.of("preset", "original", "unknown", 1)))
                .isEqualTo(TradingRules.ORIGINAL);
    }

    @Test
    void what_an_earlier_version_recorded_is_the_same_game_without_names() {
        Map<String, @Nullable Object> recorded =
                new LinkedHashMap<>(backtest.rules().toMap());
        recorded.keySet().removeAll(List.of("assets", "min_cash_reserve", "max_position"));

        assertThat(TradingRules.recorded(recorded))
                .isEqualTo(TradingRules.ORIGINAL.with(
                        rules -> rules.lots(TradingRules.ORIGINAL.lots().sizes())));
    }

    @Test
    void a_trial_that_names_no_reserve_has_that_of_the_rules() {
        TradingRules rules = TradingRules.ORIGINAL.with(changed -> changed.minCashReserve(0.25));

        assertThat(Parameters.of(PARAMETERS, rules).minCashReserve()).isEqualTo(0.25);
    }
}
