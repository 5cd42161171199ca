package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.deployment.ProcessIdentity;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes as children of this one by {@code setsid flock -w 2 -E 75 --no-fork LOCK COMMAND}. When this process
 * dies they live on.
 */
public final class DirectLauncher implements Launcher {

    private final ProcessTable table;
    private final Map<String, String> environment;
    private final Map<Long, Child> children = new ConcurrentHashMap<>();
    private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();

    private record Child(String nonce, Process process) {}

    public DirectLauncher(ProcessTable table) {
        this(table, System.getenv());
    }

    /**
     * @param environment what a child's environment is chosen from
     */
    public DirectLauncher(ProcessTable table, Map<String, String> environment) {
        this.table = table;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public ProcessIdentity launch(LaunchRequest request) {
        List<String> argv = new ArrayList<>(request.lock().holding());
        argv.addAll(request.command());
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(request.stateDirectory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                // Never a pipe: a child that logs into one dies with us. Appending, so that the file may be cut short.
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(request.logFile().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environmentOf(request));
        try {
            Process process = builder.start();
            children.put(request.deploymentId(), new Child(request.nonce(), process));
            ProcessIdentity identity = table.identify(process.pid(), request.nonce());
            process.onExit().thenRun(() -> callbacks.forEach(Runnable::run));
            return identity;
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot start a process: " + e.getMessage()
                            + ". If Java was upgraded under the running daemon, restart the daemon; otherwise look for a"
                            + " limit on processes or memory.",
                    e);
        }
    }

    @Override
    public void onExit(Runnable callback) {
        callbacks.add(callback);
    }

    @Override
    public OptionalInt exitCode(ProcessIdentity process) {
        for (Child child : children.values()) {
            if (child.nonce().equals(process.nonce()) && child.process().pid() == process.pid()) {
                return exitCode(child.process());
            }
        }
        return OptionalInt.empty();
    }

    private OptionalInt exitCode(Process process) {
        if (process.isAlive()
                && table.stat(process.pid()).filter(stat -> !stat.isDead()).isPresent()) {
            return OptionalInt.empty();
        }
        try {
            // It is dead; Java learns of it a moment later.
            return process.waitFor(2, TimeUnit.SECONDS) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    private Map<String, String> environmentOf(LaunchRequest request) {
        Map<String, String> variables = PassedOn.of(environment);
        variables.putAll(request.environment());
        variables.put("PIPELINE_DEPLOYMENT", Long.toString(request.deploymentId()));
        variables.put(Marks.NONCE, request.nonce());
        variables.put(Marks.STATE_DIRECTORY, Belonging.nameOf(request.stateDirectory()));
        variables.put("PIPELINE_PAPER", "1");
        return variables;
    }
}
