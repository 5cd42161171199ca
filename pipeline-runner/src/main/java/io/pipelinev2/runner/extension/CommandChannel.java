package io.pipelinev2.runner.extension;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.launch.BoundedRun;
import io.pipelinev2.runner.alerts.AlertChannel;
import io.pipelinev2.runner.alerts.AlertNotice;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An alert channel that is a command in any language: it reads a notice as JSON, and says by its exit code whether it was
 * told. Nothing of it outlives its call.
 */
final class CommandChannel implements AlertChannel {

    private static final Logger LOG = LoggerFactory.getLogger(CommandChannel.class);
    private static final long LOOK_MILLIS = 20;

    private final String name;
    private final List<String> command;
    private final Path home;
    private final Duration timeout;
    private final BoundedRuns runs;
    private final Clock clock = Clock.system();

    /** @param timeout after this it is killed */
    CommandChannel(String name, List<String> command, Path home, Duration timeout, BoundedRuns runs) {
        this.name = name;
        this.command = command;
        this.home = home;
        this.timeout = timeout;
        this.runs = runs;
    }

    @Override
    public void send(AlertNotice notice) throws IOException, InterruptedException {
        Path directory = runs.begin();
        try {
            tell(notice, directory);
        } finally {
            BoundedRuns.delete(directory);
        }
    }

    private void tell(AlertNotice notice, Path directory) throws IOException, InterruptedException {
        Path input = Files.writeString(directory.resolve("alert.json"), Json.compact(notice.json()) + "\n");
        Path errors = Files.createFile(directory.resolve("errors"));
        ErrorLines lines = new ErrorLines(errors, line -> LOG.info("{}: {}", name, line));
        BoundedRun run = runs.start(new BoundedRun.Request(
                argv(), home, Map.of("PIPELINE_HOME", home.toString()), directory, input, errors, errors));
        try {
            await(run.process(), lines);
        } finally {
            runs.end(run);
            lines.end();
        }
        int code = run.process().waitFor();
        if (code != 0) {
            String last = lines.lastWords();
            throw new PipelineException("the command ended with exit code %d%s"
                    .formatted(code, last.isEmpty() ? "" : "; its last words: " + last));
        }
    }

    private void await(Process process, ErrorLines lines) throws IOException, InterruptedException {
        long start = clock.nanoTime();
        // somewhat earlier than whoever calls this gives up, so that it can say so itself
        long patience = timeout.toNanos() * 9 / 10;
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            lines.follow();
            if (clock.nanoTime() - start >= patience) {
                throw new PipelineException(
                        "the command took longer than %d ms (timeout) and was killed".formatted(patience / 1_000_000));
            }
        }
    }

    /** What is relative in a configuration begins at the home, and not wherever this program was started. */
    private List<String> argv() {
        List<String> argv = new ArrayList<>(command);
        if (argv.get(0).contains("/")) {
            argv.set(0, home.resolve(argv.get(0)).toString());
        }
        return argv;
    }
}
