package io.pipelinev2.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The speed of the backtest in one table, each figure beside what this machine can do at best: arguments {@code
 * widths=64,256}, {@code rounds=3} and {@code seconds=1} (per iteration) choose how much is measured.
 *
 * <p>What is compared is measured in turns within a round, and the median of all iterations is shown, because machines are
 * shared.
 */
public final class BacktestBench {

    private static final String VECTOR = "--add-modules=jdk.incubator.vector";

    private final List<Integer> widths;
    private final int rounds;
    private final int milliseconds;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, Double> allocated = new LinkedHashMap<>();

    private BacktestBench(Map<String, String> arguments) {
        this.widths = Stream.of(
                        arguments.getOrDefault("widths", "64,128,256,512,1024").split(","))
                .map(Integer::valueOf)
                .toList();
        this.rounds = Integer.parseInt(arguments.getOrDefault("rounds", "1"));
        this.milliseconds = (int) (1000 * Double.parseDouble(arguments.getOrDefault("seconds", "1")));
    }

    public static void main(String[] arguments) throws RunnerException, IOException {
        Map<String, String> given = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("name=value is expected, was " + argument);
            }
            given.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        new BacktestBench(given).run();
    }

    private void run() throws RunnerException, IOException {
        for (int round = 0; round < rounds; round++) {
            for (int width : widths) {
                measure(width, true, 1, "Ceiling.ceiling|Steps.*");
                measure(width, false, 1, "Steps.*");
                measure(width, true, 2, "Ceiling.ceiling|Steps.steps");
            }
            measure(0, true, 1, "EnvironmentAlone.*");
        }
        print();
    }

    private void measure(int width, boolean vector, int threads, String benchmarks) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("io.pipelinev2.bench.(" + benchmarks + ")$")
                .forks(1)
                .threads(threads)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(milliseconds))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(milliseconds))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xms512m", "-Xmx512m", "-XX:-UsePerfData");
        if (vector) {
            options.jvmArgsAppend(VECTOR);
        }
        if (width > 0) {
            options.param("width", Integer.toString(width));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            String key = key(result.getPrimaryResult().getLabel(), width, vector, threads);
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    rates.computeIfAbsent(key, any -> new ArrayList<>())
                            .add(iteration.getPrimaryResult().getScore());
                }
            }
            result.getSecondaryResults().forEach((name, other) -> {
                if (name.contains("alloc.rate.norm")) {
                    allocated.put(key, other.getScore());
                }
            });
        }
    }

    private void print() throws IOException {
        say(
                "%n%s, %d processors (%s), %s %s, JDK %s; median of %d iterations of %d ms%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                5 * rounds,
                milliseconds);
        say(
                "| network | ceiling/s | policy/s | whole steps/s | of ceiling | all of a backtest, steps/s | of ceiling"
                        + " | plain: policy/s | whole steps/s | of ceiling | two threads: ceiling/s | whole steps/s | of ceiling |");
        say("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int width : widths) {
            double ceiling = rate("ceiling", width, true, 1);
            double two = rate("ceiling", width, true, 2);
            double steps = rate("steps", width, true, 1);
            double all = rate("backtest", width, true, 1);
            double plain = rate("steps", width, false, 1);
            double twoSteps = rate("steps", width, true, 2);
            say(
                    "| 106-%d-%d-7 | %,.0f | %,.0f | **%,.0f** | **%.0f %%** | %,.0f | %.0f %% | %,.0f | %,.0f | %.0f %% | %,.0f"
                            + " | %,.0f | %.0f %% |",
                    width,
                    width,
                    ceiling,
                    rate("act", width, true, 1),
                    steps,
                    100 * steps / ceiling,
                    all,
                    100 * all / ceiling,
                    rate("act", width, false, 1),
                    plain,
                    100 * plain / ceiling,
                    two,
                    twoSteps,
                    100 * twoSteps / two);
        }
        say("%nEnvironment alone: %,.0f steps/s.", rate("environment", 0, true, 1));
        say("%nBytes allocated per step:%n");
        say("| network | policy | whole steps | all of a backtest | plain: policy | whole steps |");
        say("|---|---|---|---|---|---|");
        for (int width : widths) {
            say(
                    "| 106-%d-%d-7 | %.2f | %.2f | %.1f | %.2f | %.2f |",
                    width,
                    width,
                    bytes("act", width, true),
                    bytes("steps", width, true),
                    bytes("backtest", width, true),
                    bytes("act", width, false),
                    bytes("steps", width, false));
        }
        say("%nEnvironment alone: %.2f.", bytes("environment", 0, true));
    }

    private double rate(String benchmark, int width, boolean vector, int threads) {
        List<Double> sorted = rates.getOrDefault(key(benchmark, width, vector, threads), List.of(Double.NaN)).stream()
                .sorted()
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    private double bytes(String benchmark, int width, boolean vector) {
        return allocated.getOrDefault(key(benchmark, width, vector, 1), Double.NaN);
    }

    private static String key(String benchmark, int width, boolean vector, int threads) {
        return benchmark + " " + width + " " + vector + " " + threads;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static String processor() throws IOException {
        Path description = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(description)) {
            return "unknown processor";
        }
        try (Stream<String> lines = Files.lines(description)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        }
    }
}
