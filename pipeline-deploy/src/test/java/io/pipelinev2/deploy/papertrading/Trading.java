package io.pipelinev2.deploy.papertrading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.Clock;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A trader in a thread of this process, for what needs no process of its own. */
final class Trading {

    private Trading() {}

    /** Trades until no further bar is coming, then asks the trader to end. */
    static void untilIdle(Path directory, String nonce) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        AtomicInteger code = new AtomicInteger(-1);
        StopSignal stop = new StopSignal();
        Thread thread = new Thread(() -> code.set(PaperTrader.run(
                directory,
                Map.of(ProcessTable.NONCE_VARIABLE, nonce),
                new PrintStream(log, true, StandardCharsets.UTF_8),
                Clock.system(),
                stop)));
        Files.deleteIfExists(directory.resolve(Heartbeat.NAME));
        thread.start();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> !thread.isAlive()
                        || Heartbeat.read(directory)
                                .filter(beat -> beat.phase() == Phase.IDLE)
                                .isPresent());
        stop.request();
        thread.join(10_000);
        assertThat(code).as(log.toString(StandardCharsets.UTF_8)).hasValue(ExitCode.OK);
        assertThat(JsonFile.read(directory.resolve(Heartbeat.NAME)).text("phase"))
                .isEqualTo("stopping");
    }
}
