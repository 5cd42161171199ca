package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.deploy.launch.LaunchRequest;
import io.pipelinev2.deploy.launch.Launcher;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** A launcher that tells of each process before anybody else knows it. */
final class WatchedLauncher implements Launcher {

    private final Launcher launcher;
    private final BiConsumer<Long, ProcessIdentity> forked;

    /** @param forked is given the deployment and its process */
    WatchedLauncher(Launcher launcher, BiConsumer<Long, ProcessIdentity> forked) {
        this.launcher = launcher;
        this.forked = forked;
    }

    @Override
    public ProcessIdentity launch(LaunchRequest request) {
        ProcessIdentity process = launcher.launch(request);
        forked.accept(request.deploymentId(), process);
        return process;
    }

    @Override
    public OptionalInt exitCode(ProcessIdentity process) {
        return launcher.exitCode(process);
    }
}
