package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The runnable jar, run as a user runs it: another process, its own directory. */
public final class Program {

    /** Less than the tests' own, so that what hangs says where. */
    private static final long PATIENCE_SECONDS = 80;

    private static final long DUMP_SECONDS = 3;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What a finished run left behind. */
    record Result(int exitCode, String out, String err) {

        Result ok() {
            assertThat(exitCode).as("exit code; standard error was:%n%s", err).isZero();
            return this;
        }

        Result exits(int code) {
            assertThat(exitCode).as("exit code; standard error was:%n%s", err).isEqualTo(code);
            return this;
        }

        JsonNode json() {
            return JSON.readTree(out);
        }
    }

    /** A run that has not ended yet. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final Path out;
        private final Path err;

        Running(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        Process process() {
            return process;
        }

        /** kill -9 */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /** Ctrl-C, and how it ended. */
        Result interrupt() {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            return await();
        }

        /** SIGTERM, and how it ended. */
        Result terminate() {
            process.destroy();
            return await();
        }

        Result await() {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    String dump = threadDump();
                    process.destroyForcibly();
                    throw new AssertionError("did not end within %d s; standard error so far:%n%s%nwhat it does:%n%s"
                            .formatted(PATIENCE_SECONDS, Files.readString(err), dump));
                }
                return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** What the JVM itself says of its threads, on its standard output. */
        private String threadDump() throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            boolean ended = process.waitFor(DUMP_SECONDS, TimeUnit.SECONDS);
            return (ended ? "(ended meanwhile)\n" : "") + Files.readString(out);
        }

        String outSoFar() throws IOException {
            return Files.readString(out);
        }

        String errSoFar() throws IOException {
            return Files.readString(err);
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }

    private final Path directory;
    private final Map<String, String> environment;
    private int runs;

    Program(Path directory) {
        this(directory, Map.of());
    }

    Program(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** The program, as it is packaged. */
    public static Path jar() {
        Path jar = Path.of("target/pipeline-runner.jar").toAbsolutePath();
        assertThat(jar).as("the runnable jar; mvn verify builds it").isRegularFile();
        return jar;
    }

    Running start(String... arguments) {
        return start(jar(), arguments);
    }

    Running start(Path jar, String... arguments) {
        return start(List.of(), jar, arguments);
    }

    /** As in the foreground: Ctrl-C ends it even where the tests run in the background and ignore the signal themselves. */
    Running startInForeground(String... arguments) {
        return start(List.of("env", "--default-signal=INT"), jar(), arguments);
    }

    private Running start(List<String> launcher, Path jar, String... arguments) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:SharedArchiveFile=" + SharedClasses.of(jar()),
                "-jar",
                jar.toString()));
        command.addAll(List.of(arguments));
        try {
            Path out = directory.resolve("out-" + ++runs + ".txt");
            Path err = directory.resolve("err-" + runs + ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().remove("OPTUNA_DB");
            builder.environment().remove("PIPELINE_CONFIG");
            builder.environment().putAll(environment);
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Result run(String... arguments) {
        return start(arguments).await();
    }

    /** Kills every process that carries a deployment of a home below this directory in its environment. */
    void killTraders() throws IOException {
        traders().forEach(process -> process.destroyForcibly());
    }

    /** The traders that run from this directory. */
    List<ProcessHandle> traders() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.isAlive() && isTraderHere(process.pid()))
                .toList();
    }

    private boolean isTraderHere(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            String environ =
                    new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8);
            Path working = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
            return state != 'Z'
                    && environ.contains("PIPELINE_DEPLOYMENT=")
                    && working.startsWith(directory.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
