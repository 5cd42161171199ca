package io.pipelinev2.core.store;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;

/** What every store checks before an update, so that none can let an impossible state in. */
public final class Transitions {

    private Transitions() {}

    /**
     * @throws IllegalStateException if a trial may not go from {@code before} to {@code after}
     */
    public static void check(Trial before, Trial after) {
        require(before.id() == after.id(), "trial", before.key(), "another trial");
        require(
                before.status() == after.status() || before.status().canBecome(after.status()),
                "trial",
                before.key() + ", which is " + before.status().label(),
                after.status().label());
    }

    /**
     * @throws IllegalStateException if a stage may not go from {@code before} to {@code after}
     */
    public static void check(StageRun before, StageRun after) {
        require(before.id() == after.id(), "stage", before.name(), "another stage");
        boolean onlyMoves = before.position() != after.position()
                && before.movedTo(after.position()).equals(after);
        require(
                onlyMoves || before.status().canBecome(after.status()),
                "stage",
                before.name() + ", which is " + before.status().label(),
                after.status().label());
    }

    /**
     * @throws IllegalStateException if a deployment may not go from {@code before} to {@code after}
     */
    public static void check(Deployment before, Deployment after) {
        require(before.id() == after.id(), "deployment", before.id(), "another deployment");
        require(
                before.status().canBecome(after.status()),
                "deployment",
                before.id() + ", which is " + before.status().label(),
                after.status().label());
    }

    private static void require(boolean allowed, String kind, Object what, String next) {
        if (!allowed) {
            throw new IllegalStateException("The table of transitions does not let " + kind + " " + what + " become "
                    + next + ". This is a fault in the program; nothing was written.");
        }
    }
}
