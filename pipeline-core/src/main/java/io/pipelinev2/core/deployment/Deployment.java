package io.pipelinev2.core.deployment;

import io.pipelinev2.core.trial.TrialKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A validated model that is, or was, trading on paper: one account, one state directory, any number of process starts.
 *
 * @param id the pipeline's own id, 0 before it is stored; names its state directory
 * @param trialId the trial whose model trades
 * @param key how people name that trial
 * @param version counts the writes of this row; a write names the version it has seen
 * @param modelSha256 the validated model, by content
 * @param desired what it is meant to do
 * @param status whether its process runs
 * @param health the finer word
 * @param reason why it stands as it does, in words, or null
 * @param nonce the random text given to the latest launch, written before it, so that a launch cut short is found again
 * @param process the process of the latest launch, or null if none is known
 * @param host the machine it runs on, or null if it never ran
 * @param startedAt when the latest launch happened
 * @param stoppedAt when it last ended
 * @param logFile where its output goes, relative to the home
 * @param restarts how often it was started again after a crash
 * @param restartDue when it is started again after a crash, or null
 * @param stopDeadline when a running stop turns from asking to killing, or null
 * @param replaces the deployment that must be verified gone before this one may start, or null
 * @param createdAt when it was decided on
 * @param orders which orders an operator lets it give
 * @param flattens how often an operator told it to sell everything; each time counts once
 * @param resumes how often an operator lifted the stops that it had put on itself
 * @param logLost how many bytes of its output were dropped, because they exceeded what its log may hold
 */
public record Deployment(
        long id,
        long trialId,
        TrialKey key,
        long version,
        String modelSha256,
        DesiredState desired,
        DeploymentStatus status,
        DeploymentHealth health,
        @Nullable String reason,
        @Nullable String nonce,
        @Nullable ProcessIdentity process,
        @Nullable String host,
        @Nullable Instant startedAt,
        @Nullable Instant stoppedAt,
        @Nullable String logFile,
        int restarts,
        @Nullable Instant restartDue,
        @Nullable Instant stopDeadline,
        @Nullable Long replaces,
        Instant createdAt,
        TradingState orders,
        long flattens,
        long resumes,
        long logLost) {

    /** A deployment that has been decided on and is to be started as soon as the one it replaces is gone. */
    public static Deployment wanted(
            long trialId, TrialKey key, String modelSha256, String reason, @Nullable Long replaces, Instant at) {
        return new Deployment(
                0,
                trialId,
                key,
                0,
                modelSha256,
                DesiredState.RUNNING,
                DeploymentStatus.STOPPED,
                DeploymentHealth.STARTING,
                reason,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                replaces,
                at,
                TradingState.ACTIVE,
                0,
                0,
                0);
    }

    /** Whether it takes one of the slots: it is meant to run, or something of it may still run. */
    public boolean occupiesSlot() {
        return desired == DesiredState.RUNNING || status == DeploymentStatus.RUNNING;
    }

    /** A builder that starts from this deployment. */
    public Change change() {
        return new Change(this);
    }

    /** Collects the changed fields of a deployment. */
    public static final class Change {
        private final Deployment from;
        private long id;
        private TrialKey key;
        private long version;
        private DesiredState desired;
        private DeploymentStatus status;
        private DeploymentHealth health;
        private @Nullable String reason;
        private @Nullable String nonce;
        private @Nullable ProcessIdentity process;
        private @Nullable String host;
        private @Nullable Instant startedAt;
        private @Nullable Instant stoppedAt;
        private @Nullable String logFile;
        private int restarts;
        private @Nullable Instant restartDue;
        private @Nullable Instant stopDeadline;
        private @Nullable Long replaces;
        private TradingState orders;
        private long flattens;
        private long resumes;
        private long logLost;

        private Change(Deployment from) {
            this.from = from;
            this.id = from.id;
            this.key = from.key;
            this.version = from.version;
            this.desired = from.desired;
            this.status = from.status;
            this.health = from.health;
            this.reason = from.reason;
            this.nonce = from.nonce;
            this.process = from.process;
            this.host = from.host;
            this.startedAt = from.startedAt;
            this.stoppedAt = from.stoppedAt;
            this.logFile = from.logFile;
            this.restarts = from.restarts;
            this.restartDue = from.restartDue;
            this.stopDeadline = from.stopDeadline;
            this.replaces = from.replaces;
            this.orders = from.orders;
            this.flattens = from.flattens;
            this.resumes = from.resumes;
            this.logLost = from.logLost;
        }

        public Change desired(DesiredState value) {
            desired = value;
            return this;
        }

        public Change status(DeploymentStatus value) {
            status = value;
            return this;
        }

        public Change health(DeploymentHealth value, @Nullable String why) {
            health = value;
            reason = why;
            return this;
        }

        public Change nonce(@Nullable String value) {
            nonce = value;
            return this;
        }

        public Change process(@Nullable ProcessIdentity value) {
            process = value;
            return this;
        }

        public Change host(@Nullable String value) {
            host = value;
            return this;
        }

        public Change startedAt(@Nullable Instant value) {
            startedAt = value;
            return this;
        }

        public Change stoppedAt(@Nullable Instant value) {
            stoppedAt = value;
            return this;
        }

        public Change logFile(@Nullable String value) {
            logFile = value;
            return this;
        }

        public Change restarts(int value) {
            restarts = value;
            return this;
        }

        public Change restartDue(@Nullable Instant value) {
            restartDue = value;
            return this;
        }

        public Change stopDeadline(@Nullable Instant value) {
            stopDeadline = value;
            return this;
        }

        public Change replaces(@Nullable Long value) {
            replaces = value;
            return this;
        }

        public Change orders(TradingState value) {
            orders = value;
            return this;
        }

        public Change flattens(long value) {
            flattens = value;
            return this;
        }

        public Change resumes(long value) {
            resumes = value;
            return this;
        }

        public Change logLost(long value) {
            logLost = value;
            return this;
        }

        /** The deployment with the changes, still of the version it was read at. */
        public Deployment done() {
            return new Deployment(
                    id,
                    from.trialId,
                    key,
                    version,
                    from.modelSha256,
                    desired,
                    status,
                    health,
                    reason,
                    nonce,
                    process,
                    host,
                    startedAt,
                    stoppedAt,
                    logFile,
                    restarts,
                    restartDue,
                    stopDeadline,
                    replaces,
                    from.createdAt,
                    orders,
                    flattens,
                    resumes,
                    logLost);
        }
    }

    /** This deployment under another name of its trial. */
    public Deployment withKey(TrialKey newKey) {
        Change change = change();
        change.key = newKey;
        return change.done();
    }

    /** This deployment as stored under an id and a version. */
    public Deployment stored(long newId, long newVersion) {
        Change change = change();
        change.id = newId;
        change.version = newVersion;
        return change.done();
    }
}
