package io.pipelinev2.deploy.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is to be started.
 *
 * @param deploymentId the deployment it is for
 * @param nonce random text that the process is found by
 * @param command the program and its arguments; no shell reads them
 * @param environment variables that it gets beside those that every process gets; nothing secret
 * @param stateDirectory its working directory, which exists
 * @param lock the lock it holds while it lives
 * @param logFile the file that its output is appended to, in a directory that exists
 */
public record LaunchRequest(
        long deploymentId,
        String nonce,
        List<String> command,
        Map<String, String> environment,
        Path stateDirectory,
        DeploymentLock lock,
        Path logFile) {

    public LaunchRequest {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || command.get(0).isEmpty() || command.get(0).startsWith("-")) {
            // "flock FILE -c TEXT" would hand the text to a shell.
            throw new IllegalArgumentException("a command must begin with a program, was " + command);
        }
    }

    /** A start that gets the variables that every process gets. */
    public LaunchRequest(
            long deploymentId,
            String nonce,
            List<String> command,
            Path stateDirectory,
            DeploymentLock lock,
            Path logFile) {
        this(deploymentId, nonce, command, Map.of(), stateDirectory, lock, logFile);
    }
}
