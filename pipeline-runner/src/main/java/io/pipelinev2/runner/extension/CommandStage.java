package io.pipelinev2.runner.extension;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.launch.BoundedRun;
import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.runner.config.UserStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage that is a command in any language: it reads the trial as JSON, and writes its verdict as JSON. Nothing of it
 * outlives the attempt.
 */
final class CommandStage implements Stage {

    private static final Logger LOG = LoggerFactory.getLogger(CommandStage.class);
    private static final long LONGEST_ANSWER = 16_000_000;
    private static final long LARGEST_MODEL = 256_000_000;
    private static final long LOOK_MILLIS = 20;

    private static final int FIRST_PERMANENT = 64;
    private static final int LAST_PERMANENT = 78;
    /** EX_TEMPFAIL of sysexits.h. */
    private static final int TRY_AGAIN = 75;

    private static final int SIGNALLED = 128;

    private final String name;
    private final CommandTemplate command;
    private final Path home;
    private final TrialDocument document;
    private final ModelArchive archive;
    private final StageRuns runs;

    /**
     * @param name the stage's name
     * @param command the program and its arguments
     * @param document what it is told
     * @param archive receives the models that it names
     * @param runs where it runs
     */
    CommandStage(String name, List<String> command, TrialDocument document, ModelArchive archive, StageRuns runs) {
        this.name = name;
        this.command = new CommandTemplate("stages." + name + ".command", UserStage.PLACES, command);
        this.home = document.home();
        this.document = document;
        this.archive = archive;
        this.runs = runs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        Path directory = runs.begin();
        try {
            return new Attempt(context, directory).outcome();
        } finally {
            StageRuns.delete(directory);
        }
    }

    @Override
    public String toString() {
        return "CommandStage[" + name + "]";
    }

    /** One run of the command. */
    private final class Attempt {

        private final StageContext context;
        private final Path directory;
        private final Path trialFile;
        private final Path output;
        private final Path errors;
        private final List<String> argv;
        private final Clock clock = Clock.system();

        Attempt(StageContext context, Path directory) throws IOException {
            this.context = context;
            this.directory = directory;
            this.trialFile = directory.resolve("trial.json");
            this.output = directory.resolve("output");
            this.errors = directory.resolve("errors");
            this.argv = argv(context.trial());
            Files.writeString(trialFile, document.of(context));
            Files.createFile(output);
            Files.createFile(errors);
        }

        private List<String> argv(Trial trial) {
            Map<String, String> values = new HashMap<>();
            values.put(CommandTemplate.NUMBER, Integer.toString(trial.key().number()));
            values.put(CommandTemplate.STUDY, trial.key().study());
            values.put(CommandTemplate.TRIAL_JSON, trialFile.toString());
            String models = document.modelDirectory(trial);
            if (models != null) {
                values.put(CommandTemplate.MODEL_DIRECTORY, models);
            }
            List<String> filled;
            try {
                filled = new ArrayList<>(command.fill(values));
            } catch (PipelineException e) {
                throw new PermanentStageException(String.valueOf(e.getMessage()), e);
            }
            filled.set(0, program(filled.get(0)));
            return filled;
        }

        StageOutcome outcome() throws IOException, InterruptedException {
            ErrorLines lines = new ErrorLines(errors, line -> LOG.info("{}: {}", name, line));
            int code = exitCode(lines);
            if (code != 0) {
                throw failure(code, lines.lastWords());
            }
            return outcomeOf(answer());
        }

        private int exitCode(ErrorLines lines) throws IOException, InterruptedException {
            BoundedRun run = runs.start(new BoundedRun.Request(
                    argv,
                    home,
                    Map.of(
                            "PIPELINE_TRIAL_JSON", trialFile.toString(),
                            "PIPELINE_HOME", home.toString(),
                            "PIPELINE_STAGE", name),
                    directory,
                    trialFile,
                    output,
                    errors));
            try {
                await(run.process(), lines);
            } finally {
                runs.end(run);
                lines.end();
            }
            requireNotTooLong();
            return run.process().waitFor();
        }

        private void await(Process process, ErrorLines lines) throws IOException, InterruptedException {
            long start = clock.nanoTime();
            Duration timeout = context.settings().timeout();
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                lines.follow();
                requireNotTooLong();
                if (context.isCancelled()) {
                    throw new PipelineException(subject() + " was told to end, and was killed.");
                }
                if (clock.nanoTime() - start >= timeout.toNanos()) {
                    throw new PipelineException("%s took longer than %s ms (stages.%s.timeout_seconds) and was killed."
                            .formatted(subject(), timeout.toMillis(), name));
                }
            }
        }

        private void requireNotTooLong() throws IOException {
            if (Files.size(output) > LONGEST_ANSWER) {
                throw new PipelineException(
                        "%s wrote more than %d MB to its standard output, which is for its answer alone; it was killed. What is long belongs into a file that the answer names."
                                .formatted(subject(), LONGEST_ANSWER / 1_000_000));
            }
        }

        private CommandAnswer answer() throws IOException {
            try {
                return CommandAnswer.read(Files.readAllBytes(output));
            } catch (MalformedAnswerException e) {
                throw new PipelineException(
                        "%s gave no answer that can be used: %s. docs/extending.md shows what an answer looks like."
                                .formatted(subject(), e.getMessage()),
                        e);
            }
        }

        private StageOutcome outcomeOf(CommandAnswer answer) {
            if (answer.verdict() == CommandAnswer.Verdict.NOT_READY) {
                throw new StageNotReadyException(answer.reason(), context.now().plus(answer.retryAfter()));
            }
            String model = answer.model();
            return model == null ? answer.outcome() : withModel(answer, model).outcome();
        }

        /** Keeps a copy of the model that the command names: what was validated is what trades. */
        private CommandAnswer withModel(CommandAnswer answer, String model) {
            try {
                Path file = home.resolve(model);
                long size = Files.size(file);
                if (size > LARGEST_MODEL) {
                    throw new PipelineException("%s named %s as the model, which has %d bytes, more than %d."
                            .formatted(subject(), file, size, LARGEST_MODEL));
                }
                byte[] bytes = Files.readAllBytes(file);
                String sha256 = ModelArchive.sha256(bytes);
                Object claimed = answer.results().get("model_sha256");
                if (claimed != null && !claimed.equals(sha256)) {
                    throw new PipelineException(
                            "%s named %s as the model, whose SHA-256 is %s; but its results say that model_sha256 is %s. Leave it out, or name the file that was validated."
                                    .formatted(subject(), file, sha256, JsonAnswer.shown(claimed)));
                }
                archive.keep(
                        bytes,
                        Objects.requireNonNull(file.getFileName(), "a file has a name")
                                .toString());
                return answer.with("model_sha256", sha256);
            } catch (IOException | IllegalArgumentException e) {
                throw new PipelineException(
                        "%s named %s as the model, of which no copy can be kept: %s. It must be the path of a file, absolute or relative to the home."
                                .formatted(subject(), JsonAnswer.shown(model), e),
                        e);
            }
        }

        private PipelineException failure(int code, String lastWords) {
            boolean notRun = lastWords.startsWith("flock: failed to execute");
            String how =
                    code > SIGNALLED ? "was ended by signal " + (code - SIGNALLED) : "ended with exit code " + code;
            String words =
                    lastWords.isEmpty() ? "It wrote nothing to its standard error." : "Its last words:\n" + lastWords;
            String message = "%s %s. %s".formatted(subject(), how, words);
            boolean permanent = code >= FIRST_PERMANENT && code <= LAST_PERMANENT && code != TRY_AGAIN && !notRun;
            return permanent ? new PermanentStageException(message) : new PipelineException(message);
        }

        private String subject() {
            return "The command of stage %s (%s), on trial %s,"
                    .formatted(name, String.join(" ", argv), context.trial().key());
        }
    }

    /** What is relative in a configuration begins at the home, and not wherever this program was started. */
    private String program(String word) {
        if (!word.contains("/")) {
            return onPath(word);
        }
        Path program = home.resolve(word);
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new PipelineException(
                    "stages.%s.command begins with %s, which is no program that can be run here: correct the path, or make the file executable (chmod +x)."
                            .formatted(name, program));
        }
        return program.toString();
    }

    private String onPath(String word) {
        @Nullable String path = System.getenv("PATH");
        for (String directory :
                Objects.requireNonNullElse(path, "/usr/bin:/bin").split(":")) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, word))) {
                return word;
            }
        }
        throw new PipelineException(
                "stages.%s.command begins with %s, which is not on the PATH: install it, or write its whole path."
                        .formatted(name, word));
    }
}
