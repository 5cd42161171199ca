package io.pipelinev2.core.deployment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One start of a deployment's process, kept as history. The crash budget is counted over these, so a restart of the
 * supervisor does not refill it.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param deploymentId the deployment
 * @param process which process
 * @param startedAt when it was launched
 * @param endedAt when its end was observed, null while it runs
 * @param exitCode its exit code, 128 + signal for one ended by a signal; null while it runs, or if it is unknown because
 *     the process was adopted and left no record
 * @param crashed whether it ended although it was meant to run
 * @param end how it ended, in words
 */
public record ProcessRun(
        long id,
        long deploymentId,
        ProcessIdentity process,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Integer exitCode,
        boolean crashed,
        @Nullable String end) {

    public static ProcessRun started(long deploymentId, ProcessIdentity process, Instant at) {
        return new ProcessRun(0, deploymentId, process, at, null, null, false, null);
    }

    public ProcessRun withId(long newId) {
        return new ProcessRun(newId, deploymentId, process, startedAt, endedAt, exitCode, crashed, end);
    }

    public ProcessRun ended(Instant at, @Nullable Integer code, boolean byCrash, String how) {
        return new ProcessRun(id, deploymentId, process, startedAt, at, code, byCrash, how);
    }
}
