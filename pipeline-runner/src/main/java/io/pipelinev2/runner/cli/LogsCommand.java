package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.logging.Logging;
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

    private static final JsonMapper JSON = JsonMapper.builder().build();
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
                            .flatMap((Deployment deployment) -> home.logOf(deployment))
                    : Optional.empty();
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
        StringBuilder rest = new StringBuilder();
        boolean goOn = true;
        while (goOn) {
            if (Files.exists(log)) {
                position = Files.size(log) < position ? 0 : position;
                position = copyFrom(log, position, rest, ofStages);
            }
            goOn = follow && !never.await(250, TimeUnit.MILLISECONDS);
        }
        if (!rest.isEmpty()) {
            line(rest.toString(), ofStages);
        }
        out().flush();
    }

    private long copyFrom(Path log, long from, StringBuilder rest, boolean ofStages) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(from);
            byte[] chunk = new byte[CHUNK];
            java.io.ByteArrayOutputStream read = new java.io.ByteArrayOutputStream();
            for (int n = file.read(chunk); n > 0; n = file.read(chunk)) {
                read.write(chunk, 0, n);
            }
            rest.append(read.toString(StandardCharsets.UTF_8));
            int end;
            while ((end = rest.indexOf("\n")) >= 0) {
                line(rest.substring(0, end), ofStages);
                rest.delete(0, end + 1);
            }
            out().flush();
            return file.getFilePointer();
        }
    }

    private void line(String line, boolean ofStages) {
        if (!ofStages) {
            out().println(InertText.of(line));
            return;
        }
        try {
            JsonNode json = JSON.readTree(line);
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
