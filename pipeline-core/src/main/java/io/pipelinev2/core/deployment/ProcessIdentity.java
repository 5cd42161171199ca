package io.pipelinev2.core.deployment;

/**
 * What makes a process the one that was launched. A pid alone does not: it is given again to strangers.
 *
 * @param bootId the machine's boot ({@code /proc/sys/kernel/random/boot_id})
 * @param pid the process id, above 1; also the id of its process group and session
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks since boot at which it started
 * @param nonce random text given to it in its environment
 */
public record ProcessIdentity(String bootId, long pid, long startTicks, String nonce) {

    public ProcessIdentity {
        if (pid <= 1) {
            throw new IllegalArgumentException("a deployed process has a pid above 1, was " + pid);
        }
    }
}
