package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A command of which nothing outlives its run, the opposite of a deployment. It leads a session of its own; all that it
 * starts is found by the mark in its environment and by the lock that it holds, and is killed with it. It reads and writes
 * files, never pipes, so that nobody has to wait for whoever still has an end of one.
 *
 * <p>If this process dies before {@link #close}, the next one calls {@link #endAll} on the run's directory.
 */
public final class BoundedRun implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 5;

    private final Process process;
    private final ProcessGroup group;
    private final Path directory;

    private BoundedRun(Process process, ProcessGroup group, Path directory) {
        this.process = process;
        this.group = group;
        this.directory = directory;
    }

    /**
     * What is to be run.
     *
     * @param command the program and its arguments; no shell reads them
     * @param workingDirectory where it runs
     * @param environment variables that it gets beside the few of this process that are passed on; nothing secret
     * @param directory a directory of this run's own, which exists
     * @param input the file that it reads as its standard input
     * @param output the file that its standard output is appended to
     * @param errors the file that its standard error is appended to
     */
    public record Request(
            List<String> command,
            Path workingDirectory,
            Map<String, String> environment,
            Path directory,
            Path input,
            Path output,
            Path errors) {

        public Request {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            if (command.isEmpty() || command.get(0).isEmpty() || command.get(0).startsWith("-")) {
                throw new IllegalArgumentException("a command must begin with a program, was " + command);
            }
        }
    }

    /**
     * Starts a command.
     *
     * @throws LaunchException if it could not be started, which says nothing about the command
     */
    public static BoundedRun start(ProcessTable table, Request request) {
        DeploymentLock lock = new DeploymentLock(request.directory().resolve(LOCK));
        List<String> argv = new ArrayList<>(lock.holding());
        argv.addAll(request.command());
        String nonce = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(request.workingDirectory().toFile())
                .redirectInput(request.input().toFile())
                .redirectOutput(appendingTo(request.output()))
                .redirectError(appendingTo(request.errors()));
        Map<String, String> environment = PassedOn.of(System.getenv());
        environment.putAll(request.environment());
        environment.put(Marks.NONCE, nonce);
        environment.put(Marks.STATE_DIRECTORY, Belonging.nameOf(request.directory()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            ProcessIdentity leader = table.identify(process.pid(), nonce);
            ProcessGroup group = ProcessGroup.everything(table, leader, new Belonging(request.directory(), lock));
            return new BoundedRun(process, group, request.directory());
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot start a process in " + request.workingDirectory() + ": " + e.getMessage()
                            + ". If Java was upgraded under the running daemon, restart the daemon; otherwise look for a"
                            + " limit on processes or memory.",
                    e);
        }
    }

    // Appending, so that the file may be cut short while the command writes.
    private static ProcessBuilder.Redirect appendingTo(Path file) {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }

    /**
     * Kills what is left of a run whose runner has died, and returns when nothing of it runs any more.
     *
     * @param directory the run's directory
     * @throws LaunchException if something of it cannot be killed
     */
    public static void endAll(ProcessTable table, Path directory) {
        DeploymentLock lock = new DeploymentLock(directory.resolve(LOCK));
        end(ProcessGroup.everything(table, null, new Belonging(directory, lock)), directory);
    }

    /** The command's process, to wait for and to read the exit code of: 128 + signal if a signal ended it. */
    public Process process() {
        return process;
    }

    /**
     * Kills everything of the run that still runs, and returns when nothing does. To be called again at will, from any
     * thread, interrupted or not.
     *
     * @throws LaunchException if something of it cannot be killed
     */
    @Override
    public void close() {
        end(group, directory);
    }

    private static void end(ProcessGroup group, Path directory) {
        boolean interrupted = Thread.interrupted();
        Clock clock = Clock.system();
        long start = clock.nanoTime();
        try {
            // Again until nobody is left: who is just being forked is missed by one look.
            while (!group.isEmpty()) {
                if (clock.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new LaunchException("The processes " + group.pids() + " of the run in " + directory
                            + " are still there " + PATIENCE.toSeconds()
                            + " s after they were killed. Look at them with ps; they may hang in the kernel.");
                }
                try {
                    group.send(Signal.KILL);
                    new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (LaunchException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
