package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.policy.ActorCheckpoint;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.Remains;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traders that play as fast as they can, within the 64 MB that they are given, while they are killed or their disk is full:
 * what is left is an account that plays again to the last bit. {@code -Dtrader.bars=86400} makes it a day of seconds.
 */
class TraderCrashTest {

    private static final Path MODEL =
            Path.of("src/test/resources/trader/actor.pth").toAbsolutePath();
    private static final Map<String, @Nullable Object> PARAMETERS =
            Map.of("lookback", 1, "norm_action", 20.0, "net_dimension", 64);
    private static final int BARS = Integer.getInteger("trader.bars", 1_500);
    private static final int KILLS = Integer.getInteger("trader.kills", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(30L + BARS / 100);
    private static final int ASSETS = 7;
    private static final int FEATURES = 98;

    @TempDir
    Path directory;

    @AfterEach
    void nothing_is_left_running() {
        Remains.endAllIn(directory);
    }

    private Path state() {
        return directory.resolve("state");
    }

    private Path ledger() {
        return state().resolve(Ledger.NAME);
    }

    private Process start(String nonce, String... before) throws Exception {
        Files.createDirectories(state());
        new TraderFile(
                        7,
                        nonce,
                        new TrialKey("ppo", 1),
                        MODEL,
                        ActorCheckpoint.read(MODEL).sha256(),
                        MarketSource.of(directory.resolve("data")),
                        PARAMETERS,
                        Map.of(),
                        Duration.ZERO,
                        8760)
                .writeTo(state());
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xms8m",
                "-XX:MaxNewSize=4m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                PaperTraderMain.class.getName(),
                "--state",
                state().toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(state().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment().put(ProcessTable.NONCE_VARIABLE, nonce);
        return builder.start();
    }

    private void playToTheEnd() throws Exception {
        Process process = start("last");
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive()
                        || Heartbeat.read(state())
                                .filter(beat -> beat.nonce().equals("last") && beat.phase() == Phase.IDLE)
                                .isPresent());
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("log")))
                .isZero();
    }

    private void everyBarWasTradedOnce() throws IOException {
        // The last bar of the lookback is the first, and a backtest ends a lookback before the end.
        assertThat(Verification.of(state(), null)).isEqualTo(new Verification.Result(BARS - 2L, null));
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void killed_at_any_moment_it_trades_every_bar_once() throws Exception {
        writeMarket();
        Random random = new Random(20261125);
        long perBar = 2_600;
        long whole = BARS * perBar;
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start("start " + kill);
            long until = whole * kill / (KILLS + 1) + random.nextInt((int) perBar * 10);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(PATIENCE)
                    .until(() -> size(ledger()) >= until || !process.isAlive());
            process.destroyForcibly().waitFor();
        }
        playToTheEnd();

        everyBarWasTradedOnce();
    }

    @Test
    void on_a_full_disk_it_ends_with_nothing_lost_and_goes_on_when_there_is_room() throws Exception {
        writeMarket();
        // The kernel refuses to let any of its files grow beyond this, in the middle of a line.
        Process full = start("full", "/bin/sh", "-c", "ulimit -f 1001 && exec \"$@\"", "sh");

        assertThat(full.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(full.exitValue()).isEqualTo(ExitCode.FAILED);
        assertThat(ExitRecord.read(state(), "full"))
                .hasValueSatisfying(exit -> assertThat(exit.reason()).contains("could not be read or written"));
        assertThat(Verification.of(state(), null).isEqual()).isTrue();

        playToTheEnd();
        everyBarWasTradedOnce();
    }

    private void writeMarket() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Random random = new Random(7);
        double[] price = {90, 30, 60_000, 15, 3_000, 80, 8};
        writeArray(data.resolve("price_array.npy"), ASSETS, bar -> {
            for (int i = 0; i < ASSETS; i++) {
                price[i] *= Math.exp(0.004 * random.nextGaussian());
                bar[i] = price[i];
            }
        });
        Random noise = new Random(8);
        writeArray(data.resolve("tech_array.npy"), FEATURES, bar -> {
            for (int i = 0; i < FEATURES; i++) {
                bar[i] = 100 * noise.nextGaussian();
            }
        });
    }

    private interface Row {
        void fill(double[] values);
    }

    private static void writeArray(Path file, int columns, Row row) throws IOException {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }".formatted(BARS, columns);
        byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
            head.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
            head.put((byte) 1).put((byte) 0).putShort((short) text.length).put(text);
            channel.write(head.flip());
            double[] values = new double[columns];
            ByteBuffer bytes = ByteBuffer.allocate(columns * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < BARS; i++) {
                row.fill(values);
                bytes.clear();
                bytes.asDoubleBuffer().put(values);
                channel.write(bytes);
            }
        }
    }
}
