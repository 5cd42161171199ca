package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.ProcessGroup;
import io.pipelinev2.deploy.launch.Signal;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a deployment's processes: asks the group by SIGTERM, kills it when the grace is over, and calls it stopped only
 * when nothing of it runs and its lock is free. Every call does the next step; calling again is harmless.
 */
final class Stopping {

    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

    private final Facilities facilities;
    private final Exits exits;
    private final Memory memory;
    private final Credentials credentials;

    Stopping(Facilities facilities, Exits exits, Memory memory, Credentials credentials) {
        this.credentials = credentials;
        this.facilities = facilities;
        this.exits = exits;
        this.memory = memory;
    }

    /** @return whether it is verified gone */
    boolean step(Deployment deployment) {
        ProcessGroup group = facilities.everything(deployment);
        if (group.isEmpty()) {
            return finish(deployment);
        }
        String start = String.valueOf(deployment.nonce());
        Instant now = facilities.now();
        Instant deadline = deployment.stopDeadline();
        Instant until = now.plus(facilities.settings().stopGrace());
        // A deadline beyond the grace was set down before the wall clock was put back.
        if (deadline == null || deadline.isAfter(until)) {
            facilities
                    .register()
                    .change(
                            deployment,
                            change -> change.health(DeploymentHealth.STOPPING, deployment.reason())
                                    .stopDeadline(until));
            ask(deployment, group, start);
        } else if (now.isBefore(deadline)) {
            if (!memory.wasAsked(start)) {
                // The supervisor that stored the deadline may have died before it asked.
                ask(deployment, group, start);
            }
        } else {
            LOG.warn(
                    DeployLogCode.KILLED,
                    "Deployment {} of trial {} did not end within {}: killing {}",
                    deployment.id(),
                    deployment.key(),
                    facilities.settings().stopGrace(),
                    group.pids());
            memory.killed(start);
            group.send(Signal.KILL);
        }
        return false;
    }

    /** It ran on a machine that this one cannot look at. */
    boolean stepUnverified(Deployment deployment) {
        return recordStop(
                deployment,
                "it last ran on %s, which cannot be looked at from here; nothing was signalled"
                        .formatted(deployment.host()),
                new Exit(null, null));
    }

    private void ask(Deployment deployment, ProcessGroup group, String start) {
        LOG.info("Deployment {} of trial {}: asking {} to end", deployment.id(), deployment.key(), group.pids());
        memory.asked(start);
        group.send(Signal.TERM);
    }

    private boolean finish(Deployment deployment) {
        DeploymentLock lock = facilities.files().lock(deployment.id());
        if (lock.isHeld()) {
            String reason = "nothing of it can be found, but its lock " + lock.file() + " is held";
            if (!reason.equals(deployment.reason())) {
                facilities.register().change(deployment, change -> change.health(DeploymentHealth.STOPPING, reason));
            }
            return false;
        }
        String start = String.valueOf(deployment.nonce());
        Exit exit = exits.exitOf(deployment, deployment.process());
        boolean done = recordStop(deployment, words(start, exit), exit);
        memory.forget(start);
        return done;
    }

    private String words(String start, Exit exit) {
        if (memory.wasKilled(start) || (memory.wasAsked(start) && exit.wasKilled())) {
            return "did not end within " + facilities.settings().stopGrace().toSeconds()
                    + " s of SIGTERM and was killed";
        }
        if (memory.wasAsked(start)) {
            return "ended on SIGTERM" + (exit.code() == null ? "" : " with exit code " + exit.code());
        }
        return "was not running any more";
    }

    private boolean recordStop(Deployment deployment, String words, Exit exit) {
        facilities.logs().release(deployment.id());
        credentials.remove(deployment.id());
        Instant now = facilities.now();
        String reason = deployment.reason() == null ? words : deployment.reason() + "; " + words;
        String end = Refreshing.isMeant(reason) ? reason : words;
        long lost = facilities.logs().lost(deployment.id());
        facilities.register().write(tx -> {
            Deployment.Change change = deployment
                    .change()
                    .status(DeploymentStatus.STOPPED)
                    .health(DeploymentHealth.STOPPED, reason)
                    .logLost(deployment.logLost() + lost)
                    .restartDue(null)
                    .stopDeadline(null);
            if (deployment.status() == DeploymentStatus.RUNNING) {
                change.stoppedAt(now);
            }
            Deployment stopped = tx.update(deployment, change.done());
            Register.endRun(tx, deployment, now, exit, false, end);
            tx.append(Event.byDeployer(now, EventType.DEPLOYMENT_STOPPED, deployment.trialId(), reason));
            return stopped;
        });
        facilities.logs().recorded(deployment.id(), lost);
        LOG.info("Deployment {} of trial {} is stopped: {}", deployment.id(), deployment.key(), reason);
        return true;
    }
}
