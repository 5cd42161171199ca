package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.ProcessGroup;
import io.pipelinev2.deploy.launch.Signal;
import io.pipelinev2.deploy.papertrading.ExitRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when a process that is meant to run has ended. */
final class Exits {

    private static final Logger LOG = LoggerFactory.getLogger(Exits.class);

    private final Facilities facilities;
    private final Starting starting;
    private final RestartDelay delay;
    private final Memory memory;
    private final CommonCause commonCause;
    private final Credentials credentials;

    Exits(
            Facilities facilities,
            Starting starting,
            RestartDelay delay,
            Memory memory,
            CommonCause commonCause,
            Credentials credentials) {
        this.commonCause = commonCause;
        this.credentials = credentials;
        this.facilities = facilities;
        this.starting = starting;
        this.delay = delay;
        this.memory = memory;
    }

    /** How the process ended, as far as can be told. */
    Exit exitOf(Deployment deployment, @Nullable ProcessIdentity process) {
        if (process == null) {
            return new Exit(null, null);
        }
        Optional<ExitRecord> record =
                ExitRecord.read(facilities.files().stateDirectory(deployment.id()), process.nonce());
        OptionalInt code = facilities.launcher().exitCode(process);
        String reason = record.map(ExitRecord::reason).orElse(null);
        if (code.isPresent()) {
            return new Exit(code.getAsInt(), reason);
        }
        return new Exit(record.map(ExitRecord::code).orElse(null), reason);
    }

    /** @return whether the deployment has settled */
    boolean handle(Deployment deployment, ProcessIdentity process) {
        if (!process.bootId().equals(facilities.table().bootId())) {
            return endedByReboot(deployment);
        }
        facilities.logs().release(deployment.id());
        boolean hung = deployment.health() == DeploymentHealth.HUNG;
        Exit exit = hung ? exitOf(deployment, process) : withLastLine(exitOf(deployment, process), deployment);
        DeploymentLock lock = facilities.files().lock(deployment.id());
        if (exit.foundLockHeld() && lock.isHeld() && leftNothing(deployment, process)) {
            return startedInVain(deployment, exit, lock);
        }
        ProcessGroup remnants = facilities.group(deployment);
        if (!remnants.isEmpty()) {
            remnants.send(Signal.TERM);
        }
        Deployment down = facilities.register().write(tx -> {
            Instant now = facilities.now();
            String words = hung ? "hung: " + deployment.reason() + "; it " + exit.words() : exit.words();
            boolean excused = commonCause.isSuspected() && !exit.isPermanent();
            Register.endRun(tx, deployment, now, exit, !excused, excused ? CommonCause.excused(words) : words);
            Deployment next = next(deployment, exit, words, excused, tx.processRuns(deployment.id()), now);
            Deployment stored = tx.update(deployment, next);
            EventType type = stored.health() == DeploymentHealth.CRASH_LOOP
                    ? EventType.DEPLOYMENT_CRASH_LOOP
                    : EventType.DEPLOYMENT_CRASHED;
            tx.append(Event.byDeployer(now, type, deployment.trialId(), String.valueOf(stored.reason())));
            return stored;
        });
        LOG.warn(DeployLogCode.CRASHED, "Deployment {} of trial {} crashed: {}", down.id(), down.key(), down.reason());
        memory.forget(process.nonce());
        if (!exit.isPermanent()) {
            commonCause.crashed(down, facilities.now());
        }
        if (down.restartDue() == null) {
            credentials.remove(down.id());
        }
        return down.restartDue() == null;
    }

    /** Else what holds the lock may be what it started itself, and it was not there in vain. */
    private boolean leftNothing(Deployment deployment, ProcessIdentity process) {
        return new ProcessGroup(
                        facilities.table(),
                        process,
                        Set.of(process.nonce()),
                        facilities.files().belonging(deployment.id()))
                .isEmpty();
    }

    private Deployment next(
            Deployment deployment, Exit exit, String words, boolean excused, List<ProcessRun> runs, Instant now) {
        Deployment.Change change = deployment
                .change()
                .status(DeploymentStatus.CRASHED)
                .stoppedAt(now)
                .restartDue(null);
        SupervisionSettings settings = facilities.settings();
        if (exit.isPermanent()) {
            return change.health(
                            DeploymentHealth.PERMANENT_FAILURE,
                            words + "; starting again would not help, so it stays down until `restart`")
                    .done();
        }
        if (!settings.autoRestart()) {
            return change.health(
                            DeploymentHealth.STOPPED, words + "; auto_restart is off, so it stays down until `restart`")
                    .done();
        }
        if (!excused && settings.budget().isExhausted(runs, deployment.restarts(), now)) {
            return change.health(
                            DeploymentHealth.CRASH_LOOP,
                            "%s; more than %d restarts within %d min, so it stays down until `restart`"
                                    .formatted(
                                            words,
                                            settings.budget().restarts(),
                                            settings.budget().window().toMinutes()))
                    .done();
        }
        Duration wait = delay.after(runs, deployment.restarts());
        String then =
                excused ? "; it is started again in its turn, because many crashed at once" : "; it is started again";
        return change.health(DeploymentHealth.BACKOFF, words + then)
                .restartDue(now.plus(wait))
                .done();
    }

    /** Everything ended with the machine, which is nobody's crash. */
    private boolean endedByReboot(Deployment deployment) {
        return startAfresh(deployment, "ended when the machine was restarted");
    }

    /**
     * The process is that of the home that this one is a copy of. It is none of ours to adopt, to signal or to count.
     *
     * @return whether the deployment has settled
     */
    boolean isOfAnotherHome(Deployment deployment, ProcessIdentity process) {
        return startAfresh(
                deployment,
                "this home is a copy: process %d is that of another home and is left alone".formatted(process.pid()));
    }

    private boolean startAfresh(Deployment deployment, String words) {
        facilities.register().write(tx -> {
            Instant now = facilities.now();
            Register.endRun(tx, deployment, now, new Exit(null, null), false, words);
            tx.append(Event.byDeployer(now, EventType.DEPLOYMENT_CRASHED, deployment.trialId(), words));
            return tx.update(
                    deployment,
                    deployment
                            .change()
                            .status(DeploymentStatus.STOPPED)
                            .health(DeploymentHealth.STARTING, words + "; it is started again")
                            .stoppedAt(now)
                            .done());
        });
        LOG.info("Deployment {} of trial {}: {}", deployment.id(), deployment.key(), words);
        credentials.remove(deployment.id());
        return false;
    }

    /** Another process of this deployment was there first. */
    private boolean startedInVain(Deployment deployment, Exit exit, DeploymentLock lock) {
        Deployment ended = facilities.register().write(tx -> {
            Instant now = facilities.now();
            Register.endRun(tx, deployment, now, exit, false, "found its lock held");
            return tx.update(
                    deployment,
                    deployment
                            .change()
                            .status(DeploymentStatus.CRASHED)
                            .health(DeploymentHealth.BACKOFF, "found its lock held")
                            .restartDue(now)
                            .done());
        });
        return starting.takeOver(ended, lock);
    }

    private Exit withLastLine(Exit exit, Deployment deployment) {
        @Nullable String log = deployment.logFile();
        if (exit.reason() != null || log == null) {
            return exit;
        }
        String line = LastLine.of(facilities.files().log(log));
        return line == null ? exit : new Exit(exit.code(), "its last words were \"" + line + "\"");
    }
}
