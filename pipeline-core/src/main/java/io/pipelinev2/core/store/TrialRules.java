package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a trial and its stages say of each other. */
final class TrialRules {

    private final Trial trial;
    private final List<StageRun> stages;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param stages all stages of the trial, in their order
     */
    TrialRules(Trial trial, List<StageRun> stages) {
        this.trial = trial;
        this.stages = stages;
    }

    static String name(Trial trial) {
        return "Trial %s (id %d)".formatted(trial.key(), trial.id());
    }

    List<String> violations() {
        places();
        switch (trial.status()) {
            case PENDING -> {
                nothingHasBegun();
                oneStageAtATime();
                somebodyWillMoveIt();
            }
            case PROCESSING -> {
                nothingHasFailed();
                oneStageAtATime();
                somebodyWillMoveIt();
            }
            case COMPLETED, DEPLOYED -> {
                everyStageIsBehindIt();
                notHeld();
            }
            case FAILED -> {
                aStageHasFailed();
                nothingIsOpen();
                notHeld();
            }
        }
        return violations;
    }

    private void places() {
        for (int i = 1; i < stages.size(); i++) {
            StageRun before = stages.get(i - 1);
            StageRun stage = stages.get(i);
            if (before.position() == stage.position()) {
                add(
                        "each of its stages has a place of its own",
                        "%s and %s are both at %d",
                        words(before),
                        words(stage),
                        stage.position());
            }
        }
    }

    private void nothingHasBegun() {
        stages.stream()
                .filter(stage -> stage.status() != StageStatus.PENDING)
                .forEach(stage -> add("nothing of a pending trial has begun", "%s", words(stage)));
    }

    private void nothingHasFailed() {
        failedStage().ifPresent(stage -> add("a trial of which a stage has failed has failed", "%s", words(stage)));
    }

    private void oneStageAtATime() {
        for (StageRun stage : stages) {
            Optional<StageRun> inItsWay = stages.stream()
                    .filter(other -> other.position() < stage.position()
                            && !other.status().letsTrialContinue())
                    .findFirst();
            if (StageRules.isOpen(stage) && inItsWay.isPresent()) {
                String rule = StageRules.isOpen(inItsWay.get())
                        ? "one stage of a trial is open at a time"
                        : "a stage is open only when those before it have let the trial go on";
                add(rule, "%s while %s", words(stage), words(inItsWay.get()));
            }
        }
    }

    private void somebodyWillMoveIt() {
        boolean open = stages.stream().anyMatch(StageRules::isOpen);
        if (!open && trial.heldReason() == null && failedStage().isEmpty()) {
            add(
                    "a trial that is neither decided nor held has a stage that is due or running",
                    stages.isEmpty() ? "it has no stages: nobody will ever move it" : "%s: nobody will ever move it",
                    stages.stream().map(TrialRules::words).collect(Collectors.joining(", ")));
        }
    }

    private void everyStageIsBehindIt() {
        stages.stream()
                .filter(stage -> !stage.status().letsTrialContinue())
                .forEach(stage -> add("all its stages have let it go on", "%s", words(stage)));
    }

    private void aStageHasFailed() {
        if (failedStage().isEmpty()) {
            add("a trial fails by one of its stages", "none of them has failed");
        }
    }

    private void nothingIsOpen() {
        stages.stream()
                .filter(StageRules::isOpen)
                .forEach(stage -> add("no stage of a failed trial is open", "%s", words(stage)));
    }

    private void notHeld() {
        if (trial.heldReason() != null) {
            add("a trial that is decided is not held", "it is held: %s", trial.heldReason());
        }
    }

    private Optional<StageRun> failedStage() {
        return stages.stream()
                .filter(stage -> stage.status() == StageStatus.FAILED)
                .findFirst();
    }

    private static String words(StageRun stage) {
        boolean due = stage.status() == StageStatus.PENDING && stage.dueAt() != null;
        return "stage %s (id %d) is %s"
                .formatted(
                        stage.name(),
                        stage.id(),
                        due ? "due at " + stage.dueAt() : stage.status().label());
    }

    private void add(String rule, String finding, Object... facts) {
        violations.add(
                "%s is %s: %s, but %s.".formatted(name(trial), trial.status().label(), rule, finding.formatted(facts)));
    }
}
