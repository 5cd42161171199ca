package io.pipelinev2.runner.extension;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.runner.config.UserStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage that is a command in any language: it reads the trial as JSON, and writes its verdict as JSON. The model that it
 * names is kept once the verdict counts, and not if gates turn it into a rejection.
 */
final class CommandStage implements Stage {

    private static final Logger LOG = LoggerFactory.getLogger(CommandStage.class);
    private static final long LONGEST_ANSWER = 16_000_000;
    private static final long LARGEST_MODEL = 256_000_000;

    private final String name;
    private final UserCommand command;
    private final Path home;
    private final TrialDocument document;
    private final ModelKeeper keeper;
    private final Judging judging;

    /** Receives the models that are named, such as {@link ModelArchive}. */
    @FunctionalInterface
    interface ModelKeeper {
        void keep(byte[] model, String fileName);
    }

    /** What a verdict becomes before it counts. */
    @FunctionalInterface
    interface Judging {
        StageOutcome judged(StageContext context, StageOutcome outcome);
    }

    /**
     * @param name the stage's name
     * @param command the program and its arguments
     * @param document what it is told
     * @param keeper receives the models of what passes
     * @param runs where it runs
     */
    CommandStage(String name, List<String> command, TrialDocument document, ModelKeeper keeper, BoundedRuns runs) {
        this(
                name,
                new UserCommand(
                        "stage " + name,
                        "stages." + name + ".command",
                        UserStage.PLACES,
                        command,
                        document.home(),
                        runs),
                document,
                keeper,
                (context, outcome) -> outcome);
    }

    private CommandStage(
            String name, UserCommand command, TrialDocument document, ModelKeeper keeper, Judging judging) {
        this.name = name;
        this.command = command;
        this.home = document.home();
        this.document = document;
        this.keeper = keeper;
        this.judging = judging;
    }

    /** The same, whose verdicts count only as somebody else has judged them. */
    CommandStage judgedBy(Judging judge) {
        return new CommandStage(name, command, document, keeper, judge);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StageOutcome execute(StageContext context) throws Exception {
        UserCommand.Answer given = command.run(request(context));
        CommandAnswer answer;
        try {
            answer = CommandAnswer.read(given.output());
        } catch (MalformedAnswerException e) {
            throw new PipelineException(
                    "%s gave no answer that can be used: %s. docs/extending.md shows what an answer looks like."
                            .formatted(given.subject(), e.getMessage()),
                    e);
        }
        if (answer.verdict() == CommandAnswer.Verdict.NOT_READY) {
            throw new StageNotReadyException(answer.reason(), context.now().plus(answer.retryAfter()));
        }
        String named = answer.model();
        if (named == null) {
            return judging.judged(context, answer.outcome());
        }
        Model model = model(given.subject(), answer, named);
        StageOutcome judged = judging.judged(
                context, answer.with("model_sha256", model.sha256()).outcome());
        if (judged instanceof StageOutcome.Passed) {
            keep(given.subject(), named, model);
        }
        return judged;
    }

    private UserCommand.Request request(StageContext context) {
        Trial trial = context.trial();
        Map<String, String> values = new HashMap<>();
        values.put(CommandTemplate.NUMBER, Integer.toString(trial.key().number()));
        values.put(CommandTemplate.STUDY, trial.key().study());
        String models = document.modelDirectory(trial);
        if (models != null) {
            values.put(CommandTemplate.MODEL_DIRECTORY, models);
        }
        return new UserCommand.Request(
                "on trial " + trial.key(),
                document.of(context),
                values,
                Map.of("PIPELINE_STAGE", name),
                context.settings().timeout(),
                "stages." + name + ".timeout_seconds",
                LONGEST_ANSWER,
                context::isCancelled,
                line -> LOG.info("{}: {}", name, line));
    }

    /** The bytes that were validated: whatever becomes of the file while gates judge, these are kept. */
    private record Model(byte[] bytes, String fileName, String sha256) {}

    private Model model(String subject, CommandAnswer answer, String named) {
        try {
            Path file = home.resolve(named);
            long size = Files.size(file);
            if (size > LARGEST_MODEL) {
                throw new PipelineException("%s named %s as the model, which has %d bytes, more than %d."
                        .formatted(subject, file, size, LARGEST_MODEL));
            }
            byte[] bytes = Files.readAllBytes(file);
            String sha256 = ModelArchive.sha256(bytes);
            @Nullable Object claimed = answer.results().get("model_sha256");
            if (claimed != null && !claimed.equals(sha256)) {
                throw new PipelineException(
                        "%s named %s as the model, whose SHA-256 is %s; but its results say that model_sha256 is %s. Leave it out, or name the file that was validated."
                                .formatted(subject, file, sha256, JsonAnswer.shown(claimed)));
            }
            String fileName = Objects.requireNonNull(file.getFileName(), "a file has a name")
                    .toString();
            return new Model(bytes, fileName, sha256);
        } catch (IOException | IllegalArgumentException e) {
            throw unkept(subject, named, e);
        }
    }

    private void keep(String subject, String named, Model model) {
        try {
            keeper.keep(model.bytes(), model.fileName());
        } catch (IllegalArgumentException e) {
            throw unkept(subject, named, e);
        }
    }

    private static PipelineException unkept(String subject, String named, Exception cause) {
        return new PipelineException(
                "%s named %s as the model, of which no copy can be kept: %s. It must be the path of a file, absolute or relative to the home."
                        .formatted(subject, JsonAnswer.shown(named), cause),
                cause);
    }

    @Override
    public String toString() {
        return "CommandStage[" + name + "]";
    }
}
