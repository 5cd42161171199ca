package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.logging.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "logs",
        description = "The log of a trial: its trader's output if it was deployed, else what its stages logged.")
final class LogsCommand extends HomeCommand {

    private static final int CHUNK = 64 * 1024;

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as the log grows, until Ctrl+C.")
    boolean follow;

    @Option(names = "--attempt", paramLabel = "K", description = "What the stages logged in their K-th attempt.")
    @Nullable
    Integer attempt;

    @Override
    public Integer call() throws Exception {
        Path log;
        boolean ofStages;
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            Optional<Path> trader = attempt == null
                    ? home.store()
                            .read(tx -> tx.deploymentOf(found.id()))
                            .flatMap((Deployment deployment) ->
                                    home.deployments().logOf(deployment))
                    : Optional.empty();
            if (attempt != null
                    && home.store().read(tx -> tx.attempts(found.id())).stream()
                            .noneMatch(each -> each.number() == attempt)) {
                err().println("Trial " + found.key() + " has had no attempt " + attempt + "; `show` lists them.");
                return ExitCode.NOT_FOUND;
            }
            ofStages = trader.isEmpty();
            log = trader.orElseGet(() -> Logging.trialLog(home.config().logs(), found.key()));
        }
        if (!Files.exists(log) && !follow) {
            err().println("Nothing was logged yet: " + log + " does not exist.");
            return ExitCode.NOT_FOUND;
        }
        copy(log, ofStages);
        return ExitCode.OK;
    }

    private void copy(Path log, boolean ofStages) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long position = 0;
        ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
        boolean goOn = true;
        while (goOn) {
            if (Files.exists(log)) {
                position = Files.size(log) < position ? 0 : position;
                position = copyFrom(log, position, unfinished, ofStages);
                out().flush();
            }
            goOn = follow && !never.await(250, TimeUnit.MILLISECONDS);
        }
        if (unfinished.size() > 0) {
            line(unfinished.toString(StandardCharsets.UTF_8), ofStages);
        }
        out().flush();
    }

    /** Copies whole lines; what has no end yet is left in {@code unfinished}, as bytes: a character may be cut, too. */
    private long copyFrom(Path log, long from, ByteArrayOutputStream unfinished, boolean ofStages) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(from);
            byte[] chunk = new byte[CHUNK];
            for (int n = file.read(chunk); n > 0; n = file.read(chunk)) {
                int start = 0;
                for (int i = 0; i < n; i++) {
                    if (chunk[i] == '\n') {
                        unfinished.write(chunk, start, i - start);
                        line(unfinished.toString(StandardCharsets.UTF_8), ofStages);
                        unfinished.reset();
                        start = i + 1;
                    }
                }
                unfinished.write(chunk, start, n - start);
            }
            return file.getFilePointer();
        }
    }

    private void line(String line, boolean ofStages) {
        if (!ofStages) {
            out().println(InertText.of(line));
            return;
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            if (attempt != null && !json.path("attempt").asString().equals(attempt.toString())) {
                return;
            }
            out().println(InertText.of("%s %-5s %s/%s %s"
                    .formatted(
                            json.path("timestamp").asString(),
                            json.path("level").asString(),
                            json.path("stage").asString(),
                            json.path("attempt").asString(),
                            json.path("message").asString())));
            json.path("stack_trace")
                    .asString("")
                    .lines()
                    .forEach(each -> out().println(InertText.of("    " + each.replace("\t", "  "))));
        } catch (JacksonException e) {
            out().println(InertText.of(line));
        }
    }
}
