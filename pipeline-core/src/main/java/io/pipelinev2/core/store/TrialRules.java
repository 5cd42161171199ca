package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.List;
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
        if (trial.parked() && trial.heldReason() == null) {
            add("a trial that is parked says why", "it is parked without a reason");
        }
        switch (trial.status()) {
            case PENDING -> {
                nothingRuns();
                oneStageInItsTurn();
                somebodyWillMoveIt();
            }
            case PROCESSING -> {
                oneStageInItsTurn();
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

    private void nothingRuns() {
        stages.stream()
                .filter(stage -> stage.status() == StageStatus.RUNNING)
                .forEach(stage -> add("nothing of a pending trial runs", "%s", words(stage)));
    }

    private void oneStageInItsTurn() {
        List<StageRun> open = stages.stream().filter(StageRules::isOpen).toList();
        if (open.size() > 1) {
            add(
                    "one stage of a trial is due or running at a time",
                    "%s",
                    open.stream().map(TrialRules::words).collect(Collectors.joining(" and ")));
        } else if (open.size() == 1 && open.get(0).status() == StageStatus.PENDING) {
            inTurn(open.get(0));
        }
    }

    /** One that runs may have been overtaken by a stage that was put in front of it; one that is due may not. */
    private void inTurn(StageRun due) {
        stages.stream()
                .filter(other ->
                        other.position() < due.position() && !other.status().letsTrialContinue())
                .findFirst()
                .ifPresent(before -> add(
                        "a stage is due when all before it have let the trial go on",
                        "%s while %s",
                        words(due),
                        words(before)));
    }

    private void somebodyWillMoveIt() {
        boolean open = stages.stream().anyMatch(StageRules::isOpen);
        if (!open && trial.heldReason() == null) {
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
        boolean failed = stages.stream().anyMatch(stage -> stage.status() == StageStatus.FAILED);
        if (!failed && !stages.isEmpty()) {
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
