package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;
import java.util.OptionalInt;

/** Starts deployments' processes, so that they outlive this one. */
public interface Launcher {

    /**
     * Starts a process. It holds its deployment's lock, or ends at once with exit code {@link DeploymentLock#HELD}.
     *
     * @throws LaunchException if it could not be started, which says nothing about the command
     */
    ProcessIdentity launch(LaunchRequest request);

    /**
     * The exit code of a process that this launcher started and that has ended; 128 + signal for one ended by a signal.
     * Empty for every other.
     */
    OptionalInt exitCode(ProcessIdentity process);

    /**
     * Calls back, on any thread, as soon as a process that this launcher started has ended. A launcher that cannot tell
     * never calls; its processes' ends are found by looking.
     */
    default void onExit(Runnable callback) {}
}
