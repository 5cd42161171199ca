package io.pipelinev2.deploy;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.deploy.launch.TraderCommand;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.RiskLimits;
import io.pipelinev2.deploy.papertrading.TraderFile;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.supervision.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prepares the bundled trader, or a command of the user's own: the model's copy is checked, and it is told what to do. */
final class TraderPreparation implements Preparation {

    private static final String ACTOR = "actor.pth";
    private static final String ONNX = "actor.onnx";

    /** While it is there, no trader of the home gives any order. */
    private static final Path KILL_FILE = Path.of("state", "KILL");

    private final Path home;
    private final ModelArchive models;
    private final @Nullable MarketSource data;
    private final Map<String, @Nullable Object> environment;
    private final double periodsPerYear;
    private final Duration pace;
    private final FeedSettings feed;
    private final RiskLimits risk;
    private final TraderCommand bundled;
    private final @Nullable CommandTemplate own;

    TraderPreparation(
            Path home,
            ModelArchive models,
            @Nullable MarketSource data,
            Map<String, @Nullable Object> environment,
            double periodsPerYear,
            Duration pace,
            FeedSettings feed,
            RiskLimits risk,
            TraderCommand bundled,
            @Nullable CommandTemplate own) {
        this.home = home;
        this.models = models;
        this.data = data;
        this.environment = environment;
        this.periodsPerYear = periodsPerYear;
        this.pace = pace;
        this.feed = feed;
        this.risk = risk;
        this.bundled = bundled;
        this.own = own;
    }

    @Override
    public List<String> prepare(Deployment deployment, List<StageRun> stages, String nonce, Path stateDirectory) {
        Evidence evidence = Evidence.of(stages);
        Path model = model(deployment);
        List<String> command = own == null
                ? bundled(evidence, stateDirectory)
                : own(own, deployment, Objects.requireNonNull(model.getParent()), stateDirectory);
        Double recordedPeriods = evidence.periodsPerYear();
        new TraderFile(
                        deployment.id(),
                        nonce,
                        deployment.key(),
                        model,
                        deployment.modelSha256(),
                        data,
                        evidence.parameters(),
                        evidence.environment().isEmpty() ? environment : evidence.environment(),
                        pace,
                        recordedPeriods == null ? periodsPerYear : recordedPeriods,
                        feed,
                        risk,
                        home.resolve(KILL_FILE).toAbsolutePath().normalize())
                .writeTo(stateDirectory);
        return command;
    }

    private List<String> bundled(Evidence evidence, Path stateDirectory) {
        if (data == null) {
            throw new UnfitException(
                    "The bundled trader needs market data. Configure data.directory and `restart` it.");
        }
        if (evidence.parameters().isEmpty()) {
            throw new UnfitException("Its validation recorded no parameters, without which its model cannot be played."
                    + " `retry` its backtest.");
        }
        return bundled.argv(stateDirectory);
    }

    private List<String> own(CommandTemplate template, Deployment deployment, Path model, Path stateDirectory) {
        List<String> command;
        try {
            command = new ArrayList<>(template.fill(Map.of(
                    CommandTemplate.MODEL_DIRECTORY, model.toString(),
                    CommandTemplate.NUMBER, Integer.toString(deployment.key().number()),
                    CommandTemplate.STUDY, deployment.key().study(),
                    CommandTemplate.STATE_DIRECTORY, stateDirectory.toString(),
                    CommandTemplate.TRIAL_JSON,
                            stateDirectory.resolve(TraderFile.NAME).toString())));
        } catch (PipelineException e) {
            throw new UnfitException(String.valueOf(e.getMessage()));
        }
        // Its working directory is the state directory, but what a user writes is relative to the home.
        if (command.get(0).contains("/")) {
            command.set(0, home.resolve(command.get(0)).toString());
        }
        return command;
    }

    /** The copy of exactly the model that was validated. */
    private Path model(Deployment deployment) {
        Path directory =
                models.directoryOf(deployment.modelSha256()).toAbsolutePath().normalize();
        boolean needed = own == null || own.uses(CommandTemplate.MODEL_DIRECTORY);
        Path usual = usualIn(directory);
        Optional<Path> copy = needed ? copyIn(directory, usual, deployment.modelSha256()) : Optional.of(usual);
        return copy.orElseThrow(() -> new UnfitException("The copy of its validated model in " + directory
                + " is missing or was changed; no other model is traded in its place. Restore it from a backup, or `stop`"
                + " the trial and `retry` its backtest."));
    }

    private static Path usualIn(Path directory) {
        Path onnx = directory.resolve(ONNX);
        return Files.isRegularFile(onnx) ? onnx : directory.resolve(ACTOR);
    }

    private static Optional<Path> copyIn(Path directory, Path usual, String sha256) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> usualFirst = files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> !file.equals(usual)))
                    .toList();
            for (Path file : usualFirst) {
                if (ModelArchive.sha256(Files.readAllBytes(file)).equals(sha256)) {
                    return Optional.of(file);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new PipelineException("Cannot read the copy of the validated model in " + directory + ": " + e, e);
        }
    }
}
