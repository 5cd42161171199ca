package io.pipelinev2.runner.extension;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.deploy.launch.BoundedRun;
import io.pipelinev2.deploy.launch.CommandTemplate;
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command of a user's own, in any language: it is told something as JSON, and answers on its standard output. Nothing of it
 * outlives its run.
 */
final class UserCommand {

    private static final long LOOK_MILLIS = 20;
    private static final int FIRST_PERMANENT = 64;
    private static final int LAST_PERMANENT = 78;
    /** EX_TEMPFAIL of sysexits.h. */
    private static final int TRY_AGAIN = 75;

    private static final int SIGNALLED = 128;

    private final String owner;
    private final String key;
    private final CommandTemplate command;
    private final Path home;
    private final BoundedRuns runs;

    /**
     * @param owner whose command it is, in words such as {@code stage check}
     * @param key where it stands in the configuration
     * @param places the names that its arguments may hold in braces
     * @param words the program and its arguments
     * @param home where it runs, and where relative paths begin
     * @param runs where it runs
     */
    UserCommand(String owner, String key, List<String> places, List<String> words, Path home, BoundedRuns runs) {
        this.owner = owner;
        this.key = key;
        this.command = new CommandTemplate(key, places, words);
        this.home = home;
        this.runs = runs;
    }

    /**
     * What one run is about.
     *
     * @param on continues the owner in messages, such as {@code on trial study/3}
     * @param document what the command is told: its standard input, and a file
     * @param values what is filled in for places; that of {@code trial_json} is the file, and need not be given
     * @param environment variables for it
     * @param timeout how long it may take
     * @param timeoutKey where that stands in the configuration
     * @param longestAnswer how many bytes it may write to its standard output
     * @param cancelled whether it is to end
     * @param lines is given what it writes to its standard error
     */
    record Request(
            String on,
            String document,
            Map<String, String> values,
            Map<String, String> environment,
            Duration timeout,
            String timeoutKey,
            long longestAnswer,
            BooleanSupplier cancelled,
            Consumer<String> lines) {}

    /** What a command wrote, and how messages speak of the command that wrote it. */
    record Answer(byte[] output, String subject) {}

    /**
     * Runs the command to its end.
     *
     * @throws PermanentStageException if it ended with a code that says that trying again would not help, or a value cannot be
     *     an argument
     * @throws PipelineException if it cannot be run, took too long, wrote too much, or ended with another code than 0
     */
    Answer run(Request request) throws IOException, InterruptedException {
        Path directory = runs.begin();
        try {
            return new Run(request, directory).answer();
        } finally {
            BoundedRuns.delete(directory);
        }
    }

    private final class Run {

        private final Request request;
        private final Path directory;
        private final Path document;
        private final Path output;
        private final Path errors;
        private final List<String> argv;
        private final Clock clock = Clock.system();

        Run(Request request, Path directory) throws IOException {
            this.request = request;
            this.directory = directory;
            this.document = directory.resolve("trial.json");
            this.output = directory.resolve("output");
            this.errors = directory.resolve("errors");
            this.argv = argv();
            Files.writeString(document, request.document());
            Files.createFile(output);
            Files.createFile(errors);
        }

        private List<String> argv() {
            Map<String, String> values = new HashMap<>(request.values());
            values.put(CommandTemplate.TRIAL_JSON, document.toString());
            List<String> filled;
            try {
                filled = new ArrayList<>(command.fill(values));
            } catch (PipelineException e) {
                throw new PermanentStageException(String.valueOf(e.getMessage()), e);
            }
            filled.set(0, program(filled.get(0)));
            return filled;
        }

        Answer answer() throws IOException, InterruptedException {
            ErrorLines lines = new ErrorLines(errors, request.lines());
            int code = exitCode(lines);
            if (code != 0) {
                throw failure(code, lines.lastWords());
            }
            return new Answer(Files.readAllBytes(output), subject());
        }

        private int exitCode(ErrorLines lines) throws IOException, InterruptedException {
            Map<String, String> environment = new HashMap<>(request.environment());
            environment.put("PIPELINE_HOME", home.toString());
            environment.put("PIPELINE_TRIAL_JSON", document.toString());
            BoundedRun run =
                    runs.start(new BoundedRun.Request(argv, home, environment, directory, document, output, errors));
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
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                lines.follow();
                requireNotTooLong();
                if (request.cancelled().getAsBoolean()) {
                    throw new PipelineException(subject() + " was told to end, and was killed.");
                }
                if (clock.nanoTime() - start >= request.timeout().toNanos()) {
                    throw new PipelineException("%s took longer than %s ms (%s) and was killed."
                            .formatted(subject(), request.timeout().toMillis(), request.timeoutKey()));
                }
            }
        }

        private void requireNotTooLong() throws IOException {
            if (Files.size(output) > request.longestAnswer()) {
                throw new PipelineException(
                        "%s wrote more than %d MB to its standard output, which is for its answer alone; it was killed. What is long belongs into a file that the answer names."
                                .formatted(subject(), request.longestAnswer() / 1_000_000));
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
            return "The command of %s (%s), %s,".formatted(owner, String.join(" ", argv), request.on());
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
                    "%s begins with %s, which is no program that can be run here: correct the path, or make the file executable (chmod +x)."
                            .formatted(key, program));
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
        throw new PipelineException("%s begins with %s, which is not on the PATH: install it, or write its whole path."
                .formatted(key, word));
    }
}
