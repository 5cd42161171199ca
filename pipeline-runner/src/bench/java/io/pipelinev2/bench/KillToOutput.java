package io.pipelinev2.bench;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the SIGKILL of a child to the first output of the next, beside Debian's supervisord with the same child, in turns.
 * Of ours the delay before a restart, which is meant, is subtracted; supervisord has none.
 */
final class KillToOutput implements Measure {

    private static final Path SUPERVISORD = Path.of("/usr/bin/supervisord");
    private static final int KILLS = 50;

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        Sample ours = new Sample();
        Sample theirs = new Sample();
        try (Scratch scratch = Scratch.in(settings);
                PipelineStore store = SqliteStore.open(scratch.file("pipeline.db"));
                Other other = Other.start(scratch)) {
            Path births = scratch.file("births");
            try (Deployed deployed =
                    new Deployed(store, scratch.directory().toAbsolutePath(), 1, child(births.toAbsolutePath()))) {
                for (int i = 0; i < KILLS; i++) {
                    ours.add(kill(store, deployed, births));
                    if (other != null) {
                        theirs.add(millis(other.kill()));
                    }
                }
            }
        }
        report.row("SIGKILL of a child to the first output of the next, backoff subtracted", ours.asDelay());
        report.row(
                "the same under Debian's supervisord, in turns",
                SUPERVISORD.toFile().canExecute() ? theirs.asDelay() : "not installed");
    }

    private static String child(Path births) {
        return "echo $$ $(date +%s%N) >> " + births + "; exec sleep 1000";
    }

    private static double kill(PipelineStore store, Deployed deployed, Path births) throws Exception {
        List<String> before = awaitLines(births, 1);
        long id = deployed.first();
        // Every crash is the first in a row, so that the delay stays short.
        while (deployed.row(id).health() != DeploymentHealth.HEALTHY) {
            Thread.sleep(5);
        }
        store.writeAfresh(tx -> {
            Deployment row = tx.deployment(id).orElseThrow();
            return tx.update(row, row.change().restarts(0).done());
        });
        Thread.sleep(50);
        long pid = pid(before);
        Instant killed = Instant.now();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Deployment down = deployed.row(id);
        while (down.restartDue() == null) {
            Thread.sleep(5);
            down = deployed.row(id);
        }
        Duration backoff = Duration.between(down.stoppedAt(), down.restartDue());
        Instant born = born(awaitLines(births, before.size() + 1));
        return millis(Duration.between(killed, born).minus(backoff));
    }

    private static List<String> awaitLines(Path births, int count) throws Exception {
        while (true) {
            List<String> lines = Files.exists(births) ? Files.readAllLines(births) : List.of();
            if (lines.size() >= count) {
                return lines;
            }
            Thread.sleep(5);
        }
    }

    private static long pid(List<String> lines) {
        return Long.parseLong(lines.get(lines.size() - 1).split(" ")[0]);
    }

    private static Instant born(List<String> lines) {
        return Instant.EPOCH.plusNanos(
                Long.parseLong(lines.get(lines.size() - 1).split(" ")[1]));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Debian's supervisord with the same child. */
    private record Other(Process process, Path births) implements AutoCloseable {

        static @Nullable Other start(Scratch scratch) throws IOException {
            if (!SUPERVISORD.toFile().canExecute()) {
                return null;
            }
            Path births = scratch.file("births-supervisord").toAbsolutePath();
            Path script = Files.writeString(scratch.file("child.sh"), child(births) + "\n")
                    .toAbsolutePath();
            Path log = scratch.file("supervisord.log").toAbsolutePath();
            Path pid = scratch.file("supervisord.pid").toAbsolutePath();
            Path configuration = Files.writeString(scratch.file("supervisord.conf"), """
                    [supervisord]
                    nodaemon=true
                    logfile=%s
                    pidfile=%s
                    [program:child]
                    command=/bin/sh %s
                    autorestart=true
                    startsecs=0
                    stdout_logfile=NONE
                    stderr_logfile=NONE
                    """.formatted(log, pid, script));
            return new Other(
                    new ProcessBuilder(SUPERVISORD.toString(), "-n", "-c", configuration.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start(),
                    births);
        }

        Duration kill() throws Exception {
            List<String> before = awaitLines(births, 1);
            Thread.sleep(50);
            Instant killed = Instant.now();
            ProcessHandle.of(pid(before)).orElseThrow().destroyForcibly();
            return Duration.between(killed, born(awaitLines(births, before.size() + 1)));
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            process.waitFor();
        }
    }
}
