package io.pipelinev2.runner.extension;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.runner.config.SourceConfig;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trials that a command in any language tells of. It is run once for a look at all studies with their finished trials, and
 * once for the details of a trial.
 */
final class CommandTrialSource implements TrialSource {

    private static final Logger LOG = LoggerFactory.getLogger(CommandTrialSource.class);
    private static final long LONGEST_ANSWER = 16_000_000;

    /** Goes up when a key of what the command is told changes its meaning; new keys do not change it. */
    private static final int VERSION = 1;

    private final SourceConfig config;
    private final Path home;
    private final UserCommand command;

    /** What was answered last: who asks for a study's trials has just asked for the studies. */
    private volatile @Nullable List<TrialsAnswer.Listed> last;

    private volatile boolean ending;

    /** @param words the program and its arguments */
    CommandTrialSource(SourceConfig config, List<String> words, Path home, BoundedRuns runs) {
        this.config = config;
        this.home = home;
        this.command = new UserCommand("the trial source", "source.command", List.of(), words, home, runs);
    }

    @Override
    public String storage() {
        return config.storage();
    }

    @Override
    public List<SourceStudy> studies() {
        List<TrialsAnswer.Listed> answered = ask("trials", Map.of(), TrialsAnswer::studies);
        last = answered;
        return answered.stream().map(TrialsAnswer.Listed::study).toList();
    }

    @Override
    public List<TrialHeader> completeTrials(SourceStudy study) {
        return listed(study).map(TrialsAnswer.Listed::trials).orElse(List.of());
    }

    @Override
    public Optional<TrialCounts> counts(SourceStudy study) {
        return listed(study).flatMap(TrialsAnswer.Listed::counts);
    }

    private Optional<TrialsAnswer.Listed> listed(SourceStudy study) {
        List<TrialsAnswer.Listed> answered = last;
        if (answered == null) {
            answered = ask("trials", Map.of(), TrialsAnswer::studies);
            last = answered;
        }
        return answered.stream().filter(listed -> listed.study().equals(study)).findFirst();
    }

    @Override
    public TrialDetails details(SourceTrial trial) {
        Map<String, @Nullable Object> which = new LinkedHashMap<>();
        which.put("study", trial.study());
        which.put("study_id", trial.studyId());
        which.put("number", trial.number());
        which.put("id", trial.trialId());
        which.put("started_at", trial.startedAt());
        return ask("details", which, output -> TrialsAnswer.details(output, trial))
                .orElseThrow(() -> new TrialGoneException(trial));
    }

    /** From now on nobody waits for the command: one that runs is killed. */
    void end() {
        ending = true;
    }

    /** Reads an answer. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(byte[] output) throws MalformedAnswerException;
    }

    /** The keys of what it is told are a promise to users, listed in docs/extending.md. */
    private <T> T ask(String request, Map<String, ? extends @Nullable Object> which, Reader<T> reader) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("request", request);
        document.putAll(which);
        document.put("settings", config.settings());
        document.put("home", home.toString());
        document.put("timeout_seconds", config.timeout().toMillis() / 1000.0);
        try {
            UserCommand.Answer answer = command.run(new UserCommand.Request(
                    "asked for " + request,
                    Json.compact(document) + "\n",
                    Map.of(),
                    Map.of(),
                    config.timeout(),
                    "source.timeout_seconds",
                    LONGEST_ANSWER,
                    () -> ending,
                    line -> LOG.info("trial source: {}", line)));
            return read(answer, reader);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrialSourceException("The command of the trial source was interrupted, and was killed.", e);
        } catch (IOException e) {
            throw new TrialSourceException(
                    "The command of the trial source cannot be run in %s: %s. Make room, or fix the permissions of the home."
                            .formatted(home, e),
                    e);
        } catch (TrialSourceException e) {
            throw e;
        } catch (PipelineException e) {
            throw new TrialSourceException(String.valueOf(e.getMessage()), e);
        }
    }

    private static <T> T read(UserCommand.Answer answer, Reader<T> reader) {
        try {
            return reader.read(answer.output());
        } catch (MalformedAnswerException e) {
            throw new TrialSourceException(
                    "%s gave no answer that can be used: %s. docs/extending.md shows what a source answers."
                            .formatted(answer.subject(), e.getMessage()),
                    e);
        }
    }

    @Override
    public String toString() {
        return "CommandTrialSource[" + storage() + "]";
    }
}
