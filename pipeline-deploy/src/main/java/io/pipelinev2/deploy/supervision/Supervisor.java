package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.launch.Launcher;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.launch.ProcessTable.Life;
import io.pipelinev2.deploy.supervision.HealthCheck.Health;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each deployment's process what the store says that it should be, one step per look. It holds nothing that matters:
 * all it needs to know stands in the store and in the machine's process table.
 */
public final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The store's setting that says since when a common cause of many crashes is suspected; empty or missing if none is. */
    public static final String SUSPECT_SINCE = "deployments_suspect_since";

    /** What log lines name as the stage that they belong to. */
    private static final String STAGE = "deploy";

    private static final Duration LOST_EVERY = Duration.ofSeconds(10);

    private final Facilities facilities;
    private final Memory memory = new Memory();
    private final CommonCause commonCause;
    private final Starting starting;
    private final Exits exits;
    private final Stopping stopping;
    private final Hanging hanging;
    private final HealthCheck healthCheck;
    private final Refreshing refreshing;
    private final Orders orders;
    private final KillSwitch killSwitch;
    private final OrphanWatch orphans;
    private final Map<Long, Long> lostRecorded = new HashMap<>();
    private final String host;
    private @Nullable Instant nextDue;

    /**
     * @param host the name of this machine
     * @param random numbers from 0 to 1, for restarts that do not come all at once
     */
    public Supervisor(
            PipelineStore store,
            Clock clock,
            SupervisionSettings settings,
            Launcher launcher,
            ProcessTable table,
            DeploymentFiles files,
            Preparation preparation,
            String host,
            DoubleSupplier random) {
        this.facilities = new Facilities(
                new Register(store),
                clock,
                settings,
                launcher,
                table,
                files,
                new LogCap(settings.logs(), files.logDirectory()));
        this.orders = new Orders(files);
        this.killSwitch = new KillSwitch(facilities.register(), clock, files.killSwitch());
        Credentials credentials = new Credentials(settings.secrets(), files);
        this.commonCause = new CommonCause(facilities);
        this.starting = new Starting(facilities, preparation, memory, credentials, orders, host);
        this.exits = new Exits(facilities, starting, new RestartDelay(random), memory, commonCause, credentials);
        this.stopping = new Stopping(facilities, exits, memory, credentials);
        this.hanging = new Hanging(facilities, memory);
        this.healthCheck = new HealthCheck(settings.startTime(), settings.hungAfter(), settings.reportsHealth(), clock);
        this.refreshing = new Refreshing(facilities, healthCheck);
        this.orphans = new OrphanWatch(facilities);
        this.host = host;
    }

    /**
     * Does the next step for every deployment. One that makes trouble does not keep the others from theirs.
     *
     * @return whether all have settled
     */
    public boolean superviseAll() {
        // Those that are to end come first: they make room.
        List<Deployment> deployments = facilities.register().deployments().stream()
                .sorted(Comparator.comparing(deployment -> !isToEnd(deployment)))
                .toList();
        nextDue = null;
        boolean settled = true;
        @Nullable RuntimeException trouble = null;
        trouble = attempt(killSwitch::look, trouble);
        trouble = attempt(() -> commonCause.look(deployments), trouble);
        healthCheck.keep(deployments.stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING && !isToEnd(deployment))
                .map(Deployment::id)
                .collect(Collectors.toSet()));
        for (Deployment deployment : deployments) {
            try (TrialLog log = TrialLog.of(deployment.key(), STAGE)) {
                try {
                    settled &= supervise(deployment);
                } catch (RuntimeException e) {
                    LOG.warn(
                            DeployLogCode.SUPERVISION_FAILED,
                            "Deployment {} of trial {}: {}",
                            deployment.id(),
                            deployment.key(),
                            e.getMessage());
                    trouble = trouble == null ? e : trouble;
                }
            }
        }
        trouble = attempt(orphans::look, trouble);
        if (trouble != null) {
            throw trouble;
        }
        facilities.logs().allAreWatched();
        return settled;
    }

    /** Does what concerns all deployments; trouble with that keeps none from its next step. */
    private static @Nullable RuntimeException attempt(Runnable work, @Nullable RuntimeException trouble) {
        try {
            work.run();
            return trouble;
        } catch (StaleStateException e) {
            LOG.debug("Deployments were changed meanwhile; they are looked at again");
            return trouble;
        } catch (RuntimeException e) {
            LOG.warn(DeployLogCode.SUPERVISION_FAILED, "{}", e.getMessage());
            return trouble == null ? e : trouble;
        }
    }

    /** How often something was written so far. While that changes, another pass finds its next step at once. */
    public long writes() {
        return facilities.register().writes();
    }

    /**
     * How long nothing has to be done if nothing happens.
     *
     * @param atMost the longest that anybody wants to wait
     */
    public Duration idle(Duration atMost) {
        Instant due = nextDue;
        if (due == null) {
            return atMost;
        }
        Duration wait = Duration.between(facilities.now(), due);
        return wait.compareTo(atMost) < 0 ? (wait.isNegative() ? Duration.ZERO : wait) : atMost;
    }

    /** Lets go of the processes, which live on. */
    @Override
    public void close() {
        facilities.logs().close();
    }

    /**
     * Does the next step for one deployment.
     *
     * @return whether it has settled; one that does not exist has
     */
    public boolean supervise(long deploymentId) {
        List<Deployment> all = facilities.register().deployments();
        attempt(() -> commonCause.look(all), null);
        return facilities
                .register()
                .deployment(deploymentId)
                .map(deployment -> {
                    try (TrialLog log = TrialLog.of(deployment.key(), STAGE)) {
                        return supervise(deployment);
                    }
                })
                .orElse(true);
    }

    /**
     * Does the next step towards nothing running, and starts nothing. What deployments are meant to do stays as it is, so
     * the next {@link #superviseAll} starts them again.
     *
     * @return whether nothing runs any more
     */
    public boolean suspendAll(String reason) {
        boolean gone = true;
        for (Deployment deployment : facilities.register().deployments()) {
            if (deployment.status() == DeploymentStatus.RUNNING) {
                gone &= suspend(deployment, reason);
            }
        }
        return gone;
    }

    private boolean suspend(Deployment deployment, String reason) {
        try {
            if (isElsewhere(deployment)) {
                return true;
            }
            Deployment ending = isToEnd(deployment)
                    ? deployment
                    : facilities
                            .register()
                            .change(deployment, change -> change.health(DeploymentHealth.STOPPING, reason));
            return stopping.step(ending);
        } catch (StaleStateException e) {
            return false;
        }
    }

    private boolean supervise(Deployment deployment) {
        try {
            return step(deployment);
        } catch (StaleStateException e) {
            LOG.debug("Deployment {} was changed meanwhile; it is looked at again", deployment.id());
            return false;
        }
    }

    private boolean step(Deployment deployment) {
        if (isElsewhere(deployment)) {
            return elsewhere(deployment);
        }
        boolean wanted = deployment.desired() == DesiredState.RUNNING;
        return switch (deployment.status()) {
            case RUNNING -> running(deployment);
            case STOPPED -> !wanted || starting.start(deployment);
            case CRASHED -> wanted ? crashed(deployment) : end(deployment);
        };
    }

    private boolean running(Deployment deployment) {
        ProcessIdentity process = deployment.process();
        if (isToEnd(deployment)) {
            return end(deployment);
        }
        if (process == null) {
            return startCutShort(deployment);
        }
        Life life = facilities.table().life(process);
        if (life == Life.GONE) {
            healthCheck.forget(deployment.id());
            watchLog(deployment);
            facilities.logs().release(deployment.id());
            return exits.handle(recordLost(deployment, true), process);
        }
        if (!memory.knows(process.nonce())) {
            if (!facilities.isOurs(deployment, process)) {
                return exits.isOfAnotherHome(deployment, process);
            }
            noteAdoption(deployment, process);
        }
        watchLog(deployment);
        @Nullable PipelineException trouble = null;
        try {
            orders.tell(deployment);
        } catch (PipelineException e) {
            // It is looked after all the same: it may hang, too.
            trouble = e;
        }
        boolean settled = health(recordLost(deployment, false), life);
        if (trouble != null) {
            throw trouble;
        }
        return settled;
    }

    private void watchLog(Deployment deployment) {
        if (deployment.logFile() != null) {
            facilities.logs().watch(deployment.id(), facilities.files().log(deployment.logFile()));
        }
    }

    /** Output that was dropped is counted in the row, but not at every look. */
    private Deployment recordLost(Deployment deployment, boolean atOnce) {
        long lost = facilities.logs().lost(deployment.id());
        if (lost == 0) {
            return deployment;
        }
        long now = facilities.clock().nanoTime();
        Long last = lostRecorded.get(deployment.id());
        if (!atOnce && last != null && now - last < LOST_EVERY.toNanos()) {
            return deployment;
        }
        lostRecorded.put(deployment.id(), now);
        Deployment recorded =
                facilities.register().change(deployment, change -> change.logLost(deployment.logLost() + lost));
        facilities.logs().recorded(deployment.id(), lost);
        return recorded;
    }

    /** A start was decided on, and which process it became was not recorded any more. */
    private boolean startCutShort(Deployment deployment) {
        Optional<ProcessIdentity> found = facilities.findAnyStart(deployment);
        if (found.isPresent()) {
            starting.adopt(deployment, found.get());
            return false;
        }
        return starting.start(deployment);
    }

    private boolean crashed(Deployment deployment) {
        Instant due = deployment.restartDue();
        if (due == null) {
            boolean restartsAreOnAgain = deployment.health() == DeploymentHealth.STOPPED
                    && facilities.settings().autoRestart();
            return !restartsAreOnAgain || starting.start(deployment);
        }
        Instant now = facilities.now();
        // One that is due later than any delay makes it was set down before the wall clock was put back.
        if (now.isBefore(due) && !due.isAfter(now.plus(RestartDelay.LONGEST))) {
            if (nextDue == null || due.isBefore(nextDue)) {
                nextDue = due;
            }
            // A fault of this machine is reported, not waited for.
            return deployment.health() == DeploymentHealth.UNKNOWN;
        }
        if (commonCause.holds(deployment)) {
            return false;
        }
        return starting.start(deployment);
    }

    private boolean end(Deployment deployment) {
        return stopping.step(deployment) && deployment.desired() == DesiredState.STOPPED;
    }

    private boolean health(Deployment deployment, Life life) {
        Health health = withLog(
                deployment,
                healthCheck.of(deployment, life, facilities.files().stateDirectory(deployment.id()), facilities.now()));
        if (deployment.health() == DeploymentHealth.HUNG || health.word() == DeploymentHealth.HUNG) {
            // Once found hung it is replaced: to come to life while it is asked what it did makes it no better.
            hanging.step(deployment, life, String.valueOf(health.reason()));
            return false;
        }
        if (health.word() == DeploymentHealth.STALE && refreshing.isDue(deployment)) {
            LOG.warn(
                    DeployLogCode.REFRESHED,
                    "Deployment {} of trial {} is {}",
                    deployment.id(),
                    deployment.key(),
                    Refreshing.REASON);
            facilities
                    .register()
                    .change(deployment, change -> change.health(DeploymentHealth.STOPPING, Refreshing.REASON));
            return false;
        }
        if (health.word() != deployment.health() || !Objects.equals(health.reason(), deployment.reason())) {
            if (health.word() == DeploymentHealth.STALE || health.word() == DeploymentHealth.DEGRADED) {
                LOG.warn(
                        DeployLogCode.UNWELL,
                        "Deployment {} of trial {} is {}: {}",
                        deployment.id(),
                        deployment.key(),
                        health.word().label(),
                        health.reason());
            }
            facilities.register().change(deployment, change -> change.health(health.word(), health.reason()));
        }
        return health.word() != DeploymentHealth.STARTING;
    }

    /** Without its log nobody can see what it writes, nor keep that within its cap. */
    private Health withLog(Deployment deployment, Health health) {
        boolean lost = health.word() == DeploymentHealth.HEALTHY
                && deployment.logFile() != null
                && Files.notExists(facilities.files().log(deployment.logFile()));
        return lost
                ? new Health(
                        DeploymentHealth.DEGRADED,
                        "its log " + deployment.logFile()
                                + " was removed: what it writes is lost and takes room without"
                                + " a cap; `restart` gives it a new one")
                : health;
    }

    private void noteAdoption(Deployment deployment, ProcessIdentity process) {
        memory.adopted(process.nonce());
        LOG.info("Deployment {} of trial {}: adopted process {}", deployment.id(), deployment.key(), process.pid());
        facilities
                .register()
                .append(Event.byDeployer(
                        facilities.now(),
                        EventType.DEPLOYMENT_ADOPTED,
                        deployment.trialId(),
                        "adopted process %d, which an earlier supervisor had started".formatted(process.pid())));
    }

    /** Whether what runs of it is to end, for good or to be started again. */
    private static boolean isToEnd(Deployment deployment) {
        return deployment.desired() == DesiredState.STOPPED
                || (deployment.status() == DeploymentStatus.RUNNING
                        && deployment.health() == DeploymentHealth.STOPPING);
    }

    /** Whether it runs, or did, on a machine that this one knows nothing about. */
    private boolean isElsewhere(Deployment deployment) {
        ProcessIdentity process = deployment.process();
        return deployment.status() == DeploymentStatus.RUNNING
                && deployment.host() != null
                && !deployment.host().equals(host)
                // A container has a new name after every start, but the same kernel or the same home.
                && (process == null
                        || !process.bootId().equals(facilities.table().bootId()))
                && !Files.exists(facilities.files().lock(deployment.id()).file());
    }

    private boolean elsewhere(Deployment deployment) {
        if (deployment.desired() == DesiredState.STOPPED) {
            return stopping.stepUnverified(deployment);
        }
        String reason = "last ran on " + deployment.host()
                + ", which cannot be looked at from here; if it runs there no" + " more, `stop` and `deploy` it";
        if (!reason.equals(deployment.reason())) {
            facilities.register().change(deployment, change -> change.health(DeploymentHealth.UNKNOWN, reason));
        }
        return true;
    }
}
