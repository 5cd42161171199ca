package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.feed.Npy;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trader that is started while the files that it follows make no sense, as they do while they are written. */
class StartOnFaultyFilesTest {

    private static final Path MODEL =
            Path.of("src/test/resources/trader/actor.pth").toAbsolutePath();
    private static final List<String> ASSETS = List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI");
    private static final int FEATURES = 14;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Path live;
    private Path state;

    @BeforeEach
    void directories() throws IOException {
        live = Files.createDirectories(directory.resolve("live"));
        state = Files.createDirectories(directory.resolve("state"));
    }

    @Test
    void it_waits_for_a_file_to_be_repaired() throws Exception {
        bars(ASSETS);
        Path first = live.resolve(ASSETS.get(0) + ".csv");
        Files.writeString(first, bars() + "2026-01-01T00:00:00Z,100,102,98,101,5\n");
        Started trader = start();

        Files.writeString(first, bars());

        assertThat(trader.endOnceStarted())
                .as(log.toString(StandardCharsets.UTF_8))
                .isEqualTo(ExitCode.OK);
        assertThat(Ledgers.in(state).kinds()).startsWith("open", "start");
    }

    @Test
    void it_waits_for_a_file_that_is_not_there_yet() throws Exception {
        bars(ASSETS.subList(1, ASSETS.size()));
        Started trader = start();

        bars(ASSETS);

        assertThat(trader.endOnceStarted())
                .as(log.toString(StandardCharsets.UTF_8))
                .isEqualTo(ExitCode.OK);
        assertThat(Ledgers.in(state).kinds()).startsWith("open", "start");
    }

    @Test
    void it_waits_for_arrays_to_hold_the_bar_again_that_was_traded_last() throws Exception {
        arrays(60);
        assertThat(start().endOnceStarted())
                .as(log.toString(StandardCharsets.UTF_8))
                .isEqualTo(ExitCode.OK);
        arrays(40);
        Started trader = start();

        arrays(60);

        assertThat(trader.endOnceStarted())
                .as(log.toString(StandardCharsets.UTF_8))
                .isEqualTo(ExitCode.OK);
        assertThat(Ledgers.in(state).kinds().stream().filter("start"::equals)).hasSize(2);
    }

    /** A trader within this JVM. */
    private final class Started {

        private final AtomicInteger code = new AtomicInteger(-1);
        private final StopSignal stop = new StopSignal();
        private final long starts;
        private final Thread thread;

        private Started(long starts) {
            this.starts = starts;
            this.thread = new Thread(() -> code.set(PaperTrader.run(
                    state,
                    Map.of(ProcessTable.NONCE_VARIABLE, "nonce"),
                    new PrintStream(log, true, StandardCharsets.UTF_8),
                    Clock.system(),
                    stop)));
            thread.start();
        }

        private int endOnceStarted() throws Exception {
            await().atMost(Duration.ofSeconds(20)).until(() -> starts() > starts || !thread.isAlive());
            stop.request();
            thread.join(10_000);
            return code.get();
        }
    }

    private long starts() throws IOException {
        return Files.exists(state.resolve(Ledger.NAME))
                ? Ledgers.in(state).kinds().stream().filter("start"::equals).count()
                : 0;
    }

    /** Returns when it waits. */
    private Started start() throws Exception {
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
                        new FeedSettings.Follow(Optional.empty(), Optional.of(Duration.ofHours(1))),
                        RiskLimits.OFF,
                        null)
                .writeTo(state);
        Started trader = new Started(starts());
        await().until(() -> trader.thread.getState() == Thread.State.TIMED_WAITING || !trader.thread.isAlive());
        return trader;
    }

    private void arrays(int rows) throws Exception {
        double[][] prices = new double[rows][ASSETS.size()];
        double[][] tech = new double[rows][ASSETS.size() * FEATURES];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(prices[row], 100 + row % 5);
            Arrays.fill(tech[row], row % 7);
        }
        Npy.replace(live.resolve("price_array.npy"), Npy.bytes(prices));
        Npy.replace(live.resolve("tech_array.npy"), Npy.bytes(tech));
    }

    private void bars(List<String> assets) throws IOException {
        for (String asset : assets) {
            Files.writeString(live.resolve(asset + ".csv"), bars());
        }
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
