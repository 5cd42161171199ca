package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.papertrading.RiskLimits.OnBreach;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops a trader: an operator, the switch of the home, its own limits, and bars that come too late. */
class TradingLoopTest {

    private static final Path FIXTURE = Path.of("src/test/resources/trader").toAbsolutePath();
    private static final Map<String, @Nullable Object> PARAMETERS =
            Map.of("lookback", 1, "norm_action", 20.0, "net_dimension", 64);

    private static MarketData market;
    private static ActorModel model;

    @TempDir
    Path directory;

    private TradingRules rules = TradingRules.ORIGINAL;
    private RiskLimits limits = RiskLimits.OFF;
    private StopSignal stop = new StopSignal();

    @BeforeAll
    static void load() throws IOException {
        market = MarketData.load(FIXTURE.resolve("data"));
        model = ActorModel.read(FIXTURE.resolve("actor.pth"));
    }

    /** Whatever stopped it: playing it again from its record gives the same bits. */
    @AfterEach
    void every_account_verifies() throws IOException {
        assertThat(Verification.of(directory, FIXTURE.resolve("actor.pth")).difference())
                .isNull();
    }

    private ScriptedFeed until(int row) {
        stop = new StopSignal();
        return new ScriptedFeed(market, row, stop);
    }

    private Path killFile() {
        return directory.resolve("KILL");
    }

    private void trade(ScriptedFeed feed) throws IOException {
        TraderFile trader = new TraderFile(
                7,
                "n",
                new TrialKey("ppo", 1),
                FIXTURE.resolve("actor.pth"),
                model.sha256(),
                null,
                PARAMETERS,
                rules.toMap().entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                Duration.ZERO,
                8760,
                new FeedSettings.Replay(),
                limits,
                killFile());
        try (Account.Found found = Account.find(directory, Clock.system())) {
            Opening opening = found.recollection().opening();
            Account account;
            if (opening == null) {
                AgentParameters parameters = AgentParameters.from(PARAMETERS, rules);
                account = Account.begin(
                        found,
                        new Opening(
                                7,
                                trader.trial(),
                                model.sha256(),
                                rules,
                                parameters,
                                8760,
                                List.of(),
                                feed.beginning(parameters.lookback())),
                        model,
                        trader);
            } else {
                account = Account.resume(found, opening, model, trader, directory, feed);
            }
            try (account) {
                new TradingLoop(
                                directory,
                                feed,
                                account,
                                new KillSwitch(killFile()),
                                found.recollection().permission(),
                                found.recollection().asked(),
                                new Pulse(directory, trader, Clock.system()),
                                stop,
                                Clock.system())
                        .run();
            }
        }
    }

    private static Runnable doing(Failing event) {
        return () -> {
            try {
                event.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @FunctionalInterface
    private interface Failing {
        void run() throws IOException;
    }

    private Ledgers ledger() {
        return Ledgers.in(directory);
    }

    private String state(int step) {
        return ledger().bars().step(step).read().text("trading");
    }

    private List<Double> holdings(int step) {
        return ledger().bars().step(step).read().numbers("holdings");
    }

    private int fills(int step) {
        return ledger().bars().step(step).read().objectsOrNone("fills").size();
    }

    private List<String> changes() {
        return ledger().of(LedgerLine.TRADING).stream()
                .map(line -> line.read().text("state"))
                .toList();
    }

    @Test
    void halted_by_the_switch_of_the_home_no_holding_changes_and_removing_it_ends_that() throws IOException {
        trade(until(120)
                .before(50, doing(() -> Files.writeString(killFile(), "")))
                .before(80, doing(() -> Files.delete(killFile()))));

        for (int step = 50; step < 80; step++) {
            assertThat(state(step)).isEqualTo("halted");
            assertThat(holdings(step)).isEqualTo(holdings(49));
        }
        assertThat(state(80)).isEqualTo("active");
        assertThat(changes()).containsExactly("halted", "active");
        assertThat(ledger().of(LedgerLine.TRADING).get(0).read().text("reason"))
                .contains("the kill switch", "no orders at all; positions stay as they are");
        assertThat(ledger().bars().list())
                .as("orders that were refused")
                .anyMatch(bar -> !bar.read().objectsOrNone("refused").isEmpty());
    }

    @Test
    void reducing_no_holding_grows() throws IOException {
        Files.writeString(killFile(), "Reducing until Monday\n");
        Control.NONE.writeTo(directory);
        trade(until(40).before(20, doing(() -> Files.delete(killFile()))));
        for (int step = 1; step < 20; step++) {
            assertThat(holdings(step)).containsOnly(0.0);
        }
        assertThat(holdings(39)).anyMatch(held -> held > 0);
        assertThat(ledger().of(LedgerLine.TRADING).get(0).read().text("reason"))
                .contains("(Reducing until Monday)", "no new entries; exits still run");
    }

    @Test
    void the_strictest_wins_and_what_cannot_be_read_halts() throws IOException {
        trade(until(80)
                .before(20, () -> new Control(TradingState.REDUCING, 0, 0, "night").writeTo(directory))
                .before(30, doing(() -> Files.writeString(killFile(), "")))
                .before(40, doing(() -> Files.delete(killFile())))
                .before(50, doing(() -> Files.writeString(directory.resolve(Control.NAME), "{")))
                .before(60, () -> Control.NONE.writeTo(directory)));

        assertThat(changes()).containsExactly("reducing", "halted", "reducing", "halted", "active");
        assertThat(Heartbeat.read(directory).orElseThrow().trading()).isEqualTo(TradingState.ACTIVE);
    }

    @Test
    void a_flatten_sells_everything_once_and_lasts_until_an_operator_resumes() throws IOException {
        trade(until(60).before(50, () -> new Control(TradingState.ACTIVE, 1, 0, "").writeTo(directory)));
        assertThat(holdings(49)).anyMatch(held -> held > 0);
        assertThat(holdings(50)).containsOnly(0.0);
        assertThat(ledger().bars().step(50).read().objectsOrNone("fills"))
                .isNotEmpty()
                .allMatch(fill -> fill.text("cause").equals("liquidation"));
        assertThat(ledger().bars().step(51).read().flag("liquidated")).isFalse();

        // a restart clears nothing
        trade(until(80));
        assertThat(holdings(79)).containsOnly(0.0);
        assertThat(state(79)).isEqualTo("reducing");

        new Control(TradingState.ACTIVE, 1, 1, "").writeTo(directory);
        trade(until(120));
        assertThat(state(80)).isEqualTo("active");
        assertThat(holdings(119)).anyMatch(held -> held > 0);
    }

    @Test
    void a_halt_outlasts_the_removal_of_the_file_that_asked_for_it_and_every_restart() throws IOException {
        trade(until(60).before(50, () -> new Control(TradingState.HALTED, 0, 0, "frozen").writeTo(directory)));
        Files.delete(directory.resolve(Control.NAME));

        trade(until(70));
        // between the switch of the home and the end of that, nobody asked for anything else
        trade(until(80).before(75, doing(() -> Files.writeString(killFile(), ""))));
        Files.delete(killFile());
        trade(until(90));

        for (int step = 50; step < 90; step++) {
            assertThat(state(step)).isEqualTo("halted");
            assertThat(holdings(step)).isEqualTo(holdings(49));
        }
        Control.NONE.writeTo(directory);
        trade(until(100));
        assertThat(state(90)).isEqualTo("active");
    }

    @Test
    void a_halt_that_the_switch_of_the_home_covers_is_written_down_all_the_same() throws IOException {
        Files.writeString(killFile(), "");
        trade(until(30)
                .before(10, () -> new Control(TradingState.HALTED, 0, 0, "frozen").writeTo(directory))
                .before(20, doing(() -> Files.delete(directory.resolve(Control.NAME)))));
        Files.delete(killFile());

        trade(until(40));
        assertThat(state(39)).isEqualTo("halted");
    }

    @Test
    void a_flatten_waits_while_it_is_halted() throws IOException {
        new Control(TradingState.HALTED, 1, 0, "frozen").writeTo(directory);
        trade(until(20));
        assertThat(ledger().bars().list()).noneMatch(bar -> bar.read().flag("liquidated"));

        new Control(TradingState.ACTIVE, 1, 0, "").writeTo(directory);
        trade(until(30));
        assertThat(ledger().bars().step(20).read().flag("liquidated")).isTrue();
    }

    @Test
    void under_fills_at_the_next_bar_a_halt_keeps_waiting_orders_from_being_filled() throws IOException {
        rules = TradingRules.ORIGINAL.with(changed ->
                changed.fills(Fills.NEXT_BAR).slippageBps(5).trailingStop(0.01).forcedSaleAfter(5));
        trade(until(150)
                .before(60, doing(() -> Files.writeString(killFile(), "")))
                .before(90, doing(() -> Files.delete(killFile())))
                .before(110, () -> new Control(TradingState.ACTIVE, 1, 0, "").writeTo(directory)));

        for (int step = 60; step < 90; step++) {
            assertThat(holdings(step)).isEqualTo(holdings(59));
            assertThat(ledger().bars().step(step).read().objectsOrNone("pending"))
                    .isEmpty();
        }
        assertThat(holdings(110)).containsOnly(0.0);
    }

    @Test
    void the_daily_loss_stop_ends_with_its_day_and_a_restart_does_not_clear_it() throws IOException {
        limits = new RiskLimits(0.1, 0, OnBreach.ENTRIES_ONLY, 0, 0, 0);
        // from 02:00 of the third day on everything is worth half
        int crash = 50;
        trade(until(55).prices(row -> row < crash ? 1 : 0.5));
        trade(until(100).prices(row -> row < crash ? 1 : 0.5));

        assertThat(state(crash)).isEqualTo("active");
        for (int step = crash + 1; step < 72; step++) {
            assertThat(state(step)).isEqualTo("reducing");
        }
        assertThat(state(72)).isEqualTo("active");
        assertThat(ledger().bars().step(crash + 1).read().text("trading_reason"))
                .contains("the daily loss stop of 10 % was reached", "no new entries; exits still run");
        double opening = ledger().bars().step(47).read().number("equity");
        assertThat(ledger().bars().step(crash).read().object("risk").number("day_opening"))
                .isEqualTo(opening);
    }

    @Test
    void the_drawdown_stop_sells_everything_if_so_configured_and_ends_when_an_operator_resumes() throws IOException {
        limits = new RiskLimits(0, 0.2, OnBreach.FLATTEN, 0, 0, 0);
        trade(until(120).prices(row -> row < 60 ? 1 : 0.5));

        assertThat(holdings(60)).anyMatch(held -> held > 0);
        assertThat(ledger().bars().step(61).read().flag("liquidated")).isTrue();
        for (int step = 61; step < 120; step++) {
            assertThat(holdings(step)).containsOnly(0.0);
            assertThat(state(step)).isEqualTo("reducing");
        }
        assertThat(ledger().bars().step(119).read().text("trading_reason"))
                .contains("the drawdown stop of 20 % was reached");

        new Control(TradingState.ACTIVE, 0, 1, "").writeTo(directory);
        trade(until(150).prices(row -> 0.5));
        assertThat(state(149)).isEqualTo("active");
    }

    @Test
    void to_resume_what_did_not_stop_leaves_the_high_from_which_a_drawdown_is_measured() throws IOException {
        limits = new RiskLimits(0, 0.9, OnBreach.ENTRIES_ONLY, 0, 0, 0);
        trade(until(90)
                .prices(row -> row < 60 ? 1 : 0.8)
                .before(70, () -> new Control(TradingState.ACTIVE, 0, 1, "").writeTo(directory)));

        double before = ledger().bars().step(65).read().object("risk").number("high_water");
        assertThat(ledger().bars().step(69).read().number("equity")).isLessThan(before);
        assertThat(ledger().bars().step(71).read().object("risk").number("high_water"))
                .isEqualTo(before);
    }

    @Test
    void limits_on_orders_refuse_purchases_and_never_sales() throws IOException {
        trade(until(150));
        int busiest = 0;
        for (int step = 1; step < 150; step++) {
            busiest = Math.max(busiest, fills(step));
        }
        assertThat(busiest).isPositive();
        Files.delete(directory.resolve("ledger.jsonl"));

        limits = new RiskLimits(0, 0, OnBreach.ENTRIES_ONLY, 2, 1.5, 0.02);
        trade(until(150));

        for (LedgerLine bar : ledger().bars().list()) {
            assertThat(bar.read().objectsOrNone("refused"))
                    .allMatch(refusal -> refusal.text("side").equals("buy"));
            for (var fill : bar.read().objectsOrNone("fills")) {
                if (fill.text("side").equals("buy")) {
                    assertThat(fill.number("price") * fill.number("quantity")).isLessThanOrEqualTo(12);
                }
            }
        }
        assertThat(ledger().bars().list().stream()
                        .flatMap(bar -> bar.read().objectsOrNone("refused").stream())
                        .map(refusal -> refusal.text("reason")))
                .contains("order_share", "orders_per_day");
    }

    @Test
    void on_a_bar_that_is_too_old_nothing_is_bought_and_every_missed_bar_is_played() throws IOException {
        // two hours and a minute are still fresh enough
        trade(until(60).ages(row -> row < 30 ? Duration.ofSeconds(7_000) : Duration.ofHours(90 - row)));

        assertThat(state(29)).isEqualTo("active");
        assertThat(ledger().bars().size()).isEqualTo(59);
        for (int step = 30; step < 60; step++) {
            assertThat(ledger().bars().step(step).read().flag("stale")).isTrue();
            assertThat(state(step)).isEqualTo("reducing");
            for (int asset = 0; asset < market.assets(); asset++) {
                assertThat(holdings(step).get(asset))
                        .isLessThanOrEqualTo(holdings(step - 1).get(asset));
            }
        }
        assertThat(Heartbeat.read(directory).orElseThrow().stale()).isTrue();
    }

    @Test
    void whoever_changes_a_number_of_a_record_is_found_out() throws IOException {
        trade(until(60));
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy);
        List<String> lines = Files.readAllLines(directory.resolve("ledger.jsonl"));
        assertThat(lines.get(30)).contains("\"kind\":\"bar\"");
        String changed = lines.get(30).replaceFirst("\"cash\":(\\d)", "\"cash\":1$1");
        int checked = changed.lastIndexOf(",\"crc\"");
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(changed.substring(0, checked).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        lines.set(30, changed.substring(0, checked) + ",\"crc\":\"%08x\"}".formatted(checksum.getValue()));
        Files.write(copy.resolve("ledger.jsonl"), lines);

        Verification.Result result = Verification.of(copy, FIXTURE.resolve("actor.pth"));

        assertThat(result.bars()).isEqualTo(59);
        assertThat(result.difference()).contains("step 29", "cash was recorded as 1", "playing it again gives");
    }
}
