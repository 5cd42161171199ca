package io.pipelinev2.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the command line asks for: names of measures, and numbers as {@code key=value}.
 *
 * @param names the measures, all if empty
 * @param directory where the databases are made: it decides which disk is measured
 * @param trials how many trials a run of the throughput measure takes through their stages
 * @param rounds how often each engine is run, in turns
 * @param latencies how many times something becomes due
 * @param foreign how many of them through another store; each costs up to a poll
 * @param idleSeconds how long the idle daemon is watched
 * @param rows how many trials the large state holds
 * @param repeats how often each question is put to the large state
 */
record Settings(
        Collection<String> names,
        Path directory,
        int trials,
        int rounds,
        int latencies,
        int foreign,
        int idleSeconds,
        int rows,
        int repeats) {

    /** How many attempts run at a time where speed is compared. */
    static final int WORKERS = 16;

    static Settings of(Collection<String> known, String... arguments) {
        TreeMap<String, String> values = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            int sign = argument.indexOf('=');
            if (sign > 0) {
                values.put(argument.substring(0, sign), argument.substring(sign + 1));
            } else if (known.contains(argument)) {
                names.add(argument);
            } else {
                throw new IllegalArgumentException(
                        "There is no measure '%s'; there are %s.".formatted(argument, String.join(", ", known)));
            }
        }
        Settings settings = new Settings(
                names,
                Path.of(take(values, "directory", "target/bench")),
                number(values, "trials", 2000),
                number(values, "rounds", 3),
                number(values, "latencies", 500),
                number(values, "foreign", 20),
                number(values, "idle", 30),
                number(values, "rows", 100_000),
                number(values, "repeats", 200));
        if (!values.isEmpty()) {
            Set<String> unknown = values.keySet();
            throw new IllegalArgumentException(
                    "Unknown: %s. Known: directory, trials, rounds, latencies, foreign, idle, rows, repeats."
                            .formatted(String.join(", ", unknown)));
        }
        return settings;
    }

    boolean wants(Measure measure) {
        return names.isEmpty() || names.contains(measure.name());
    }

    /** A fresh directory for one database. */
    Path scratch() throws IOException {
        Files.createDirectories(directory);
        return Files.createTempDirectory(directory, "run");
    }

    private static int number(TreeMap<String, String> values, String key, int otherwise) {
        return Integer.parseInt(take(values, key, Integer.toString(otherwise)));
    }

    private static String take(TreeMap<String, String> values, String key, String otherwise) {
        String value = values.remove(key);
        return value == null ? otherwise : value;
    }
}
