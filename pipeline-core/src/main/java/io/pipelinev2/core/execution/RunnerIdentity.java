package io.pipelinev2.core.execution;

import java.util.UUID;

/**
 * Who claims work. A fresh one per process start: neither a host name nor a pid would tell a runner from its predecessor.
 *
 * @param id random text
 * @param host the machine's name, for people
 */
public record RunnerIdentity(String id, String host) {

    /** A new identity on this host. */
    public static RunnerIdentity fresh(String host) {
        return new RunnerIdentity(UUID.randomUUID().toString(), host);
    }
}
