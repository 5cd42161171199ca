package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import java.util.function.BiPredicate;

/** A point in a deployment's life, told by what the supervisor has just done or is about to make durable. */
enum Moment {

    /** It is decided to start it, but not written yet. */
    START_UNDECIDED(Phase.START, Sight.UNCOMMITTED, Moment::decidedOn),
    /** The decision is written; nothing is forked. */
    START_DECIDED(Phase.START, Sight.COMMITTED, Moment::decidedOn),
    /** Forked; which process it became is not written. */
    START_FORKED(Phase.START, Sight.FORKED, Moment::any),
    /** The process is known, and starts up. */
    START_IDENTIFIED(Phase.START, Sight.COMMITTED, Moment::identified),
    /** It runs, and is found well. */
    RUN_HEALTHY(Phase.RUN, Sight.COMMITTED, Moment::healthy),
    /** It has crashed, which is not written yet. */
    RUN_CRASH_UNRECORDED(Phase.CRASH, Sight.UNCOMMITTED, Moment::crashed),
    /** An operator's stop is written; nothing has been asked to end. */
    STOP_REQUESTED(Phase.STOP, Sight.COMMITTED, Moment::unwanted),
    /** SIGTERM was sent. */
    STOP_ASKED(Phase.STOP, Sight.SUPERVISED, Moment::asked),
    /** It is gone, which is not written yet. */
    STOP_UNRECORDED(Phase.STOP, Sight.UNCOMMITTED, Moment::gone),
    /** A better one takes its slot; its end has a deadline, but SIGTERM was not sent. */
    REPLACE_OLD_UNASKED(Phase.REPLACE, Sight.COMMITTED, Moment::asked),
    /** The old one is gone, and that is written; of the new one there is only the wish. */
    REPLACE_OLD_GONE(Phase.REPLACE, Sight.COMMITTED, Moment::gone),
    /** The new one is forked; which process it became is not written. */
    REPLACE_NEW_FORKED(Phase.REPLACE, Sight.FORKED, Moment::successor);

    /** What leads to the point. */
    enum Phase {
        START,
        RUN,
        CRASH,
        STOP,
        REPLACE
    }

    /** How the point is seen. */
    enum Sight {
        /** A transaction has changed the row and is about to commit. */
        UNCOMMITTED,
        /** It has committed. */
        COMMITTED,
        /** The launcher has returned. */
        FORKED,
        /** The supervisor has done one step for everybody. */
        SUPERVISED
    }

    private final Phase phase;
    private final Sight sight;
    private final BiPredicate<Deployment, Deployment> test;

    Moment(Phase phase, Sight sight, BiPredicate<Deployment, Deployment> test) {
        this.phase = phase;
        this.sight = sight;
        this.test = test;
    }

    Phase phase() {
        return phase;
    }

    /** Whether this is it: a deployment has become another in this way. */
    boolean is(Sight seen, Deployment before, Deployment after) {
        return seen == sight && test.test(before, after);
    }

    private static boolean any(Deployment before, Deployment after) {
        return true;
    }

    private static boolean successor(Deployment before, Deployment after) {
        return after.replaces() != null;
    }

    private static boolean decidedOn(Deployment before, Deployment after) {
        return after.status() == DeploymentStatus.RUNNING && after.process() == null && after.nonce() != null;
    }

    private static boolean identified(Deployment before, Deployment after) {
        return before.process() == null && after.process() != null;
    }

    private static boolean healthy(Deployment before, Deployment after) {
        return before.health() != DeploymentHealth.HEALTHY && after.health() == DeploymentHealth.HEALTHY;
    }

    private static boolean crashed(Deployment before, Deployment after) {
        return before.status() == DeploymentStatus.RUNNING && after.status() == DeploymentStatus.CRASHED;
    }

    private static boolean unwanted(Deployment before, Deployment after) {
        return before.desired() == DesiredState.RUNNING && after.desired() == DesiredState.STOPPED;
    }

    private static boolean asked(Deployment before, Deployment after) {
        return after.stopDeadline() != null;
    }

    private static boolean gone(Deployment before, Deployment after) {
        return before.status() == DeploymentStatus.RUNNING && after.status() == DeploymentStatus.STOPPED;
    }
}
