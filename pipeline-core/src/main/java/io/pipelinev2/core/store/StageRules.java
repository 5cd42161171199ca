package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.List;

/** What the columns of one stage say of each other. */
final class StageRules {

    private final Trial trial;
    private final StageRun stage;
    private final List<String> violations = new ArrayList<>();

    StageRules(Trial trial, StageRun stage) {
        this.trial = trial;
        this.stage = stage;
    }

    static String name(Trial trial, StageRun stage) {
        return "Stage %s (id %d) of trial %s (id %d)".formatted(stage.name(), stage.id(), trial.key(), trial.id());
    }

    /** Whether somebody works on it, or will when its time has come. */
    static boolean isOpen(StageRun stage) {
        return stage.status() == StageStatus.RUNNING
                || (stage.status() == StageStatus.PENDING && stage.dueAt() != null);
    }

    List<String> violations() {
        if (stage.status() == StageStatus.RUNNING) {
            running();
        } else {
            notRunning();
        }
        boolean ended = stage.status() == StageStatus.FAILED || stage.status().letsTrialContinue();
        if (ended && stage.completedAt() == null) {
            add("a stage that has ended says when", "it is %s without a time of completion", status());
        }
        if (!ended && stage.completedAt() != null && !stage.repeats()) {
            add("only a stage that has ended says when", "it is %s, completed at %s", status(), stage.completedAt());
        }
        if (stage.dueAt() != null && stage.status() != StageStatus.PENDING) {
            add("only a pending stage is due", "it is %s, due at %s", status(), stage.dueAt());
        }
        if (stage.crashes() < 0 || stage.crashes() > stage.attempts()) {
            add(
                    "it counts no more crashes than attempts, and none below 0",
                    "it counts %d crashes in %d attempts",
                    stage.crashes(),
                    stage.attempts());
        }
        return violations;
    }

    private void running() {
        if (stage.lease() == null) {
            add("a running stage is leased to its runner", "it has no lease");
        }
        if (stage.deadlineAt() == null) {
            add("a running stage has a deadline", "it has none");
        }
        if (stage.startedAt() == null) {
            add("a running stage says since when", "it has no start time");
        }
        if (stage.attempts() == 0) {
            add("a running stage counts the attempt it is in", "it counts none");
        }
    }

    private void notRunning() {
        Lease lease = stage.lease();
        if (lease != null) {
            add(
                    "only a running stage is leased",
                    "it is %s, leased to runner %s until %s",
                    status(),
                    lease.runner(),
                    lease.until());
        }
        if (stage.deadlineAt() != null) {
            add("only a running stage has a deadline", "it is %s, with deadline %s", status(), stage.deadlineAt());
        }
    }

    private String status() {
        return stage.status().label();
    }

    private void add(String rule, String finding, Object... facts) {
        violations.add("%s: %s, but %s.".formatted(name(trial, stage), rule, finding.formatted(facts)));
    }
}
