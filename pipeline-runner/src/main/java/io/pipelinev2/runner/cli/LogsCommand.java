package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.LogsConfig;
import io.pipelinev2.runner.logging.LevelFilter;
import io.pipelinev2.runner.logging.LogLevel;
import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "logs",
        description = "The log of a trial: its trader's latest start if it was deployed, else what its stages logged.")
final class LogsCommand extends HomeCommand {

    private static final int LOOK_MILLIS = 250;
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as the log grows, over restarts of the trader, until Ctrl+C.")
    boolean follow;

    @Option(
            names = "--attempt",
            paramLabel = "K",
            description = "The K-th start of the trader; of the stages' log, what was logged in the K-th attempt.")
    @Nullable
    Integer attempt;

    @Option(names = "--stages", description = "What the stages logged, even if the trial was deployed.")
    boolean stages;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            completionCandidates = Levels.class,
            description = "Only lines of this level or a graver one (${COMPLETION-CANDIDATES}); those that have none"
                    + " belong to the line before.")
    @Nullable
    String level;

    @Option(names = "--json", description = "One JSON object on standard output; with --follow one for each line.")
    boolean json;

    private @Nullable LogLevel least;
    private final List<Map<String, Object>> taken = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    /** What may be given as a level, for help and completion. */
    private static final class Levels implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return LogLevel.labels().iterator();
        }
    }

    @Override
    public Integer call() throws Exception {
        if (level != null) {
            try {
                least = LogLevel.of(level);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
            }
        }
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            Optional<Deployment> deployment = stages
                    ? Optional.empty()
                    : home.store().read(tx -> tx.deploymentOf(found.id())).filter(each -> each.logFile() != null);
            return deployment.isPresent() ? ofTrader(home, deployment.get()) : ofStages(found, home);
        }
    }

    private int ofStages(Trial found, PipelineHome home) throws IOException, InterruptedException {
        PipelineStore store = home.store();
        LogsConfig logs = home.config().logs();
        Path log = Logging.trialLog(logs, found.key());
        Supplier<List<Path>> aside = () -> {
            List<Path> all = Logging.trialLogs(logs, found.key());
            return all.subList(0, all.size() - 1);
        };
        if (attempt != null
                && store.read(tx -> tx.attempts(found.id())).stream().noneMatch(each -> each.number() == attempt)) {
            err().println("Trial " + found.key() + " has had no attempt " + attempt + "; `show` lists them.");
            return ExitCode.NOT_FOUND;
        }
        LogTail tail = new LogTail(log, aside, grave(this::stageLine), this::gap);
        if (!tail.exists() && !follow) {
            return nothing(log);
        }
        do {
            tail.read();
        } while (goesOn());
        tail.end();
        return end(log);
    }

    private int ofTrader(PipelineHome home, Deployment deployment) throws IOException, InterruptedException {
        Deployments deployments = home.deployments();
        int latest = starts(home, deployment);
        if (attempt != null && (attempt < 1 || attempt > latest)) {
            err().println("The trader of trial %s was started %d times; there is no start %d."
                    .formatted(deployment.key(), latest, attempt));
            return ExitCode.NOT_FOUND;
        }
        int start = attempt == null ? latest : attempt;
        LogTail tail = traderTail(deployments, deployment, start);
        if (!tail.exists() && !follow) {
            return nothing(deployments.logOf(deployment, start));
        }
        boolean goesOn = true;
        while (goesOn) {
            tail.read();
            goesOn = goesOn();
            int now = goesOn && attempt == null ? starts(home, deployment) : start;
            if (now > start) {
                // its last words came before the next start
                tail.read();
                tail.end();
                for (start++; start < now; start++) {
                    traderTail(deployments, deployment, start).read();
                }
                out().flush();
                err().println("start " + now + ":");
                err().flush();
                tail = traderTail(deployments, deployment, now);
            }
        }
        tail.end();
        return end(deployments.logOf(deployment, start));
    }

    private LogTail traderTail(Deployments deployments, Deployment deployment, int start) {
        return LogTail.ofCapped(
                deployments.logOf(deployment, start), grave(line -> traderLine(start, line)), this::gap);
    }

    /** Passes on what is grave enough; each log begins anew. */
    private Consumer<String> grave(Consumer<String> lines) {
        if (least == null) {
            return lines;
        }
        LevelFilter filter = new LevelFilter(least, null);
        return line -> {
            if (filter.test(line)) {
                lines.accept(line);
            }
        };
    }

    private void traderLine(int start, String line) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("start", start);
            object.put("line", line);
            take(object);
        } else {
            out().println(InertText.of(line));
        }
    }

    /** One object for each line as it comes, or all of them in one object at the end. */
    private void take(Map<String, Object> line) {
        if (follow) {
            out().println(Json.compact(line));
        } else {
            taken.add(line);
        }
    }

    private int end(Path log) {
        if (json && !follow) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("log", log.toString());
            all.put("lines", taken);
            print(all);
        }
        out().flush();
        return ExitCode.OK;
    }

    /** How often it was started, a start that is not recorded yet included. */
    private static int starts(PipelineHome home, Deployment deployment) {
        return home.deployments().starts(deployment);
    }

    private boolean goesOn() throws InterruptedException {
        // whoever reads may have gone
        boolean read = !out().checkError();
        return follow && read && !never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private int nothing(Path log) {
        err().println("There is nothing: " + log
                + " does not exist. Nothing was logged yet, or it was dropped to keep within" + " logs.max_total.");
        return ExitCode.NOT_FOUND;
    }

    private void gap() {
        out().flush();
        err().println("… part of the output was dropped here, because the log had reached its cap (logs.max_file) …");
        err().flush();
    }

    private void stageLine(String line) {
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            if (attempt != null && !json.path("attempt").asString().equals(attempt.toString())) {
                return;
            }
            if (this.json) {
                take(JsonMapper.shared().treeToValue(json, OBJECT));
                return;
            }
            String attempted = json.path("attempt").asString();
            out().println(InertText.of("%s %-5s %s %s"
                    .formatted(
                            json.path("timestamp").asString(),
                            json.path("level").asString(),
                            json.path("stage").asString() + (attempted.isEmpty() ? "" : "/" + attempted),
                            json.path("message").asString())));
            String action = json.path("action").asString("");
            if (!action.isEmpty()) {
                out().println(InertText.of("    " + json.path("code").asString() + ": " + action + "."));
            }
            json.path("stack_trace")
                    .asString("")
                    .lines()
                    .forEach(each -> out().println(InertText.of("    " + each.replace("\t", "  "))));
        } catch (JacksonException e) {
            out().println(InertText.of(line));
        }
    }
}
