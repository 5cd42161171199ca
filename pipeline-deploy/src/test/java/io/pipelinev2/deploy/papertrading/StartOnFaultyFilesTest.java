package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trader that is started while a followed file makes no sense. */
class StartOnFaultyFilesTest {

    private static final Path MODEL =
            Path.of("src/test/resources/trader/actor.pth").toAbsolutePath();
    private static final List<String> ASSETS = List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI");

    @TempDir
    private Path directory;

    @Test
    void it_waits_for_the_repair_as_one_that_runs_would() throws Exception {
        Path live = Files.createDirectories(directory.resolve("live"));
        for (String asset : ASSETS) {
            Files.writeString(live.resolve(asset + ".csv"), bars());
        }
        Path first = live.resolve(ASSETS.get(0) + ".csv");
        Files.writeString(first, bars() + "2026-01-01T00:00:00Z,100,102,98,101,5\n");
        Path state = Files.createDirectories(directory.resolve("state"));
        new TraderFile(
                        7,
                        "nonce",
                        new TrialKey("ppo", 1),
                        MODEL,
                        ActorCheckpoint.read(MODEL).sha256(),
                        new MarketSource(live, Optional.empty(), ASSETS),
                        Map.of("lookback", 1, "norm_action", 20.0, "net_dimension", 64),
                        Map.of(),
                        Duration.ZERO,
                        8760,
                        new FeedSettings.Follow(Optional.empty(), Optional.empty()),
                        RiskLimits.OFF,
                        null)
                .writeTo(state);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        AtomicInteger code = new AtomicInteger(-1);
        StopSignal stop = new StopSignal();
        Thread trader = new Thread(() -> code.set(PaperTrader.run(
                state,
                Map.of(ProcessTable.NONCE_VARIABLE, "nonce"),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                Clock.system(),
                stop)));
        trader.start();
        await().until(() -> trader.getState() == Thread.State.TIMED_WAITING || !trader.isAlive());

        Files.writeString(first, bars());

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(state.resolve(Ledger.NAME))
                                && Ledgers.in(state).kinds().contains("start")
                        || !trader.isAlive());
        stop.request();
        trader.join(10_000);
        assertThat(code).as(log.toString(StandardCharsets.UTF_8)).hasValue(ExitCode.OK);
        assertThat(Ledgers.in(state).kinds()).startsWith("open", "start");
    }

    private static String bars() {
        StringBuilder text = new StringBuilder("time,open,high,low,close,volume\n");
        for (int i = 0; i < 60; i++) {
            Instant time = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(i));
            text.append(time)
                    .append(",100,")
                    .append(102 + i % 3)
                    .append(",98,101,")
                    .append(5 + i % 7)
                    .append('\n');
        }
        return text.toString();
    }
}
