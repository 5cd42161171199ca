package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.deploy.launch.LaunchException;
import io.pipelinev2.deploy.launch.LaunchRequest;
import io.pipelinev2.deploy.launch.ProcessGroup;
import io.pipelinev2.deploy.launch.Signal;
import io.pipelinev2.deploy.papertrading.ExitRecord;
import io.pipelinev2.deploy.supervision.Preparation.UnfitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a deployment's process, unless one of its earlier starts still runs: then that one is taken over. */
final class Starting {

    private static final Logger LOG = LoggerFactory.getLogger(Starting.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(30);
    private static final int NONCE_BYTES = 16;

    private final Facilities facilities;
    private final Preparation preparation;
    private final Memory memory;
    private final Credentials credentials;
    private final Orders orders;
    private final String host;
    private final SecureRandom random = new SecureRandom();

    Starting(
            Facilities facilities,
            Preparation preparation,
            Memory memory,
            Credentials credentials,
            Orders orders,
            String host) {
        this.orders = orders;
        this.credentials = credentials;
        this.facilities = facilities;
        this.preparation = preparation;
        this.memory = memory;
        this.host = host;
    }

    /** @return whether the deployment has settled */
    boolean start(Deployment deployment) {
        if (!mayStart(deployment)) {
            return false;
        }
        DeploymentLock lock = facilities.files().lock(deployment.id());
        if (lock.isHeld()) {
            return takeOver(deployment, lock);
        }
        if (hasRemnants(deployment)) {
            return false;
        }
        Optional<String> hold = facilities.settings().hold().get();
        if (hold.isPresent()) {
            return notThisTime(deployment, hold.get());
        }
        String nonce = nonce();
        Register.Subject subject = facilities.register().subject(deployment);
        Path directory = facilities.files().stateDirectory(deployment.id());
        Path log = facilities.files().newLog(deployment, subject.studyId(), subject.starts() + 1);
        List<String> command;
        Map<String, String> environment;
        try {
            Files.createDirectories(directory);
            Files.createDirectories(log.getParent());
            CappedLog.create(log);
            ExitRecord.clear(directory);
            environment = credentials.put(deployment.id());
            orders.tell(deployment);
            command = preparation.prepare(deployment, subject.stages(), nonce, directory);
            requireJava(command);
        } catch (UnfitException e) {
            return giveUp(deployment, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return notThisTime(deployment, "its directories and log cannot be made: " + e);
        } catch (PipelineException e) {
            return notThisTime(deployment, String.valueOf(e.getMessage()));
        }
        Deployment decided = decide(deployment, nonce, log);
        memory.launched(nonce);
        facilities.logs().watch(deployment.id(), log);
        ProcessIdentity process;
        try {
            process = facilities
                    .launcher()
                    .launch(new LaunchRequest(deployment.id(), nonce, command, environment, directory, lock, log));
        } catch (LaunchException e) {
            Optional<ProcessIdentity> running =
                    facilities.table().findLeader(nonce, facilities.files().belonging(deployment.id()));
            if (running.isEmpty()) {
                return notThisTime(deployment, String.valueOf(e.getMessage()));
            }
            process = running.get();
        }
        identified(decided, process);
        return false;
    }

    /** Takes over a start that was found running. */
    Deployment adopt(Deployment deployment, ProcessIdentity process) {
        memory.adopted(process.nonce());
        LOG.info("Deployment {} of trial {}: adopted process {}", deployment.id(), deployment.key(), process.pid());
        return facilities
                .register()
                .identified(
                        deployment,
                        process,
                        facilities.now(),
                        EventType.DEPLOYMENT_ADOPTED,
                        "adopted process %d, which an earlier supervisor had started".formatted(process.pid()));
    }

    /**
     * The lock is held, so something runs.
     *
     * @return whether the deployment has settled
     */
    boolean takeOver(Deployment deployment, DeploymentLock lock) {
        Optional<ProcessIdentity> running = facilities.findAnyStart(deployment);
        if (running.isPresent()) {
            Deployment up = facilities
                    .register()
                    .change(
                            deployment,
                            change -> change.status(DeploymentStatus.RUNNING)
                                    .health(DeploymentHealth.STARTING, null)
                                    .restartDue(null));
            adopt(up, running.get());
            return false;
        }
        if (hasRemnants(deployment)) {
            return false;
        }
        String reason = "its lock " + lock.file()
                + " is held by a process that the pipeline did not start; look for it with `fuser` on that file and end it";
        Instant now = facilities.now();
        if (deployment.health() != DeploymentHealth.UNKNOWN || !reason.equals(deployment.reason())) {
            LOG.warn(
                    DeployLogCode.LOCK_HELD,
                    "Deployment {} of trial {}: {}",
                    deployment.id(),
                    deployment.key(),
                    reason);
            facilities
                    .register()
                    .change(
                            deployment,
                            change -> change.status(DeploymentStatus.CRASHED)
                                    .health(DeploymentHealth.UNKNOWN, reason)
                                    .restartDue(now));
        }
        return true;
    }

    private boolean mayStart(Deployment deployment) {
        List<Deployment> all = facilities.register().deployments();
        Long replaced = deployment.replaces();
        boolean predecessorGone = replaced == null
                || all.stream()
                        .noneMatch(other -> other.id() == replaced
                                && other.desired() == DesiredState.STOPPED
                                && other.status() != DeploymentStatus.STOPPED);
        long running = all.stream()
                .filter(other -> other.id() != deployment.id() && other.status() == DeploymentStatus.RUNNING)
                .count();
        return predecessorGone && running < facilities.settings().capacity();
    }

    /** Whether earlier starts left something running; it is ended, and the start waits for that. */
    private boolean hasRemnants(Deployment deployment) {
        ProcessGroup remnants = facilities.group(deployment);
        if (remnants.isEmpty()) {
            return false;
        }
        LOG.warn(
                DeployLogCode.REMNANTS,
                "Deployment {} of trial {}: its process is gone, but left {} running; killing them",
                deployment.id(),
                deployment.key(),
                remnants.pids());
        remnants.send(Signal.KILL);
        return true;
    }

    private Deployment decide(Deployment deployment, String nonce, Path log) {
        boolean afterCrash =
                deployment.status() == DeploymentStatus.CRASHED && deployment.health() != DeploymentHealth.UNKNOWN;
        Instant now = facilities.now();
        return facilities
                .register()
                .change(
                        deployment,
                        change -> change.status(DeploymentStatus.RUNNING)
                                .health(DeploymentHealth.STARTING, null)
                                .nonce(nonce)
                                .process(null)
                                .host(host)
                                .startedAt(now)
                                .stoppedAt(null)
                                .logFile(facilities.files().stored(log))
                                .restarts(deployment.restarts() + (afterCrash ? 1 : 0))
                                .restartDue(null)
                                .stopDeadline(null));
    }

    private void identified(Deployment deployment, ProcessIdentity process) {
        LOG.info("Deployment {} of trial {}: started process {}", deployment.id(), deployment.key(), process.pid());
        facilities
                .register()
                .identified(
                        deployment,
                        process,
                        facilities.now(),
                        EventType.DEPLOYMENT_STARTED,
                        "started process %d, on paper; its output goes to %s"
                                .formatted(process.pid(), deployment.logFile()));
    }

    private boolean giveUp(Deployment deployment, String reason) {
        LOG.error(
                DeployLogCode.CANNOT_START,
                "Deployment {} of trial {} cannot be started: {}",
                deployment.id(),
                deployment.key(),
                reason);
        facilities
                .register()
                .change(
                        deployment,
                        change -> change.status(DeploymentStatus.CRASHED)
                                .health(DeploymentHealth.PERMANENT_FAILURE, reason)
                                .restartDue(null));
        credentials.remove(deployment.id());
        return true;
    }

    /** The supervisor's own fault: it says nothing about the trial and is not counted against it. */
    private boolean notThisTime(Deployment deployment, String reason) {
        LOG.warn(
                DeployLogCode.START_POSTPONED,
                "Deployment {} of trial {} could not be started: {}",
                deployment.id(),
                deployment.key(),
                reason);
        Deployment stored = facilities.register().deployment(deployment.id()).orElse(deployment);
        Instant again = facilities.now().plus(AFTER_FAULT);
        facilities
                .register()
                .change(
                        stored,
                        change -> change.status(DeploymentStatus.CRASHED)
                                .health(DeploymentHealth.UNKNOWN, "could not be started: " + reason)
                                .restarts(deployment.restarts())
                                .restartDue(again));
        return true;
    }

    /** The bundled trader runs on this program's Java: where that is gone, no trial is to blame. */
    private void requireJava(List<String> command) {
        if (facilities.settings().reportsHealth() && !Files.isExecutable(Path.of(command.get(0)))) {
            throw new PipelineException(command.get(0)
                    + ", which this program runs on, is not there any more: it was upgraded or removed meanwhile."
                    + " Restart the daemon; what trades goes on.");
        }
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
