package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.GateDecision;
import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.runner.config.UserGate;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gate that is a command in any language: it reads the figures of a backtest as JSON, and writes its decision as JSON. */
final class CommandGate implements CustomGate {

    private static final Logger LOG = LoggerFactory.getLogger(CommandGate.class);
    private static final long LONGEST_ANSWER = 1_000_000;

    /** Goes up when a key of what the command is told changes its meaning; new keys do not change it. */
    private static final int VERSION = 1;

    private final UserGate gate;
    private final List<String> words;
    private final UserCommand command;
    private final Path home;

    /** @param words the program and its arguments */
    CommandGate(UserGate gate, List<String> words, Path home, BoundedRuns runs) {
        this.gate = gate;
        this.words = List.copyOf(words);
        this.home = home;
        this.command = new UserCommand(
                "gate " + gate.name(),
                "the command of gate '" + gate.name() + "' (stages.backtest.gates)",
                UserGate.PLACES,
                words,
                home,
                runs);
    }

    @Override
    public String name() {
        return gate.name();
    }

    @Override
    public String basis() {
        return "%s by command %s %s".formatted(name(), String.join(" ", words), Json.compact(gate.settings()));
    }

    @Override
    public GateDecision judge(GateEvidence evidence) throws IOException, InterruptedException {
        UserCommand.Answer answer = command.run(new UserCommand.Request(
                "on trial " + evidence.trial(),
                Json.compact(document(evidence)) + "\n",
                Map.of(
                        CommandTemplate.NUMBER,
                        Integer.toString(evidence.trial().number()),
                        CommandTemplate.STUDY,
                        evidence.trial().study()),
                Map.of(),
                gate.timeout(),
                "timeout_seconds of the gate",
                LONGEST_ANSWER,
                () -> false,
                line -> LOG.info("gate {}: {}", name(), line)));
        try {
            return GateAnswer.read(answer.output());
        } catch (MalformedAnswerException e) {
            throw new PipelineException(
                    "%s gave no answer that can be used: %s. docs/extending.md shows what a gate answers."
                            .formatted(answer.subject(), e.getMessage()),
                    e);
        }
    }

    /** Its keys are a promise to users, listed in docs/extending.md. */
    private Map<String, @Nullable Object> document(GateEvidence evidence) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("gate", name());
        document.put("study", evidence.trial().study());
        document.put("number", evidence.trial().number());
        document.put(
                "complete_trials",
                evidence.completeTrials().isPresent()
                        ? evidence.completeTrials().getAsLong()
                        : null);
        document.put("settings", gate.settings());
        document.put("metrics", evidence.metrics());
        document.put("remarks", evidence.remarks());
        List<Double> equity = new ArrayList<>();
        for (double value : evidence.equity()) {
            equity.add(value);
        }
        document.put("equity", equity);
        document.put("timeout_seconds", gate.timeout().toMillis() / 1000.0);
        document.put("home", home.toString());
        return document;
    }

    @Override
    public String toString() {
        return "CommandGate[" + name() + "]";
    }
}
