package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, because the size of the heap is what is tested. */
class ManyBacktestsTest {

    @TempDir
    Path directory;

    @Test
    void a_hundred_at_once_fit_into_256_megabytes_and_give_the_same_result() throws Exception {
        List<String> lines = run("100");

        double alone = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(3)), Fixtures.parameters(3))
                .legacyV2()
                .finalValue();
        assertThat(lines).isEqualTo(Collections.nCopies(100, Double.toString(alone)));
    }

    @Test
    void a_hundred_attempts_of_one_stage_with_bars_kept_back_do_too() throws Exception {
        List<String> lines = run("100", "0.2", directory.resolve("copies").toString());

        MarketData market = Fixtures.market();
        double alone = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(
                        market.head(market.rows() - (int) (market.rows() * 0.2)),
                        new ActorNetwork(Fixtures.checkpoint(3)),
                        Fixtures.parameters(3))
                .legacyV2()
                .finalValue();
        assertThat(lines).isEqualTo(Collections.nCopies(100, Double.toString(alone)));
    }

    private List<String> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                ManyBacktests.class.getName()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("it ends within 120 s")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("exit code; output:%n%s%n%s", Files.readString(out), Files.readString(err))
                .isZero();
        return Files.readAllLines(out);
    }
}
