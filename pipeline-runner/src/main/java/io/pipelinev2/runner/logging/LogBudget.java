package io.pipelinev2.runner.logging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The room that log files may take, and how old they may get: when the room is used up, those go that were written to
 * least recently. The one file that is never deleted is {@code pipeline.log}.
 */
final class LogBudget {

    private record Candidate(Path path, long bytes, long modified) {}

    private final Path directory;
    private final Path trials;
    private final long bytes;
    private final Duration age;

    /**
     * @param bytes what may be left when {@link #enforce} is done, {@code pipeline.log} not counted
     * @param age how long ago what may be left was written to, at most
     */
    LogBudget(Path directory, Path trials, long bytes, Duration age) {
        this.directory = directory;
        this.trials = trials;
        this.bytes = bytes;
        this.age = age;
    }

    void enforce(Instant now) throws IOException {
        long expired = now.minus(age).toEpochMilli();
        List<Candidate> candidates = new ArrayList<>();
        collect(directory, name -> name.startsWith("pipeline.2") && name.endsWith(".log"), candidates);
        collect(trials, name -> name.endsWith(".log"), candidates);
        candidates.sort(Comparator.comparingLong(Candidate::modified).thenComparing(Candidate::path));
        long total = candidates.stream().mapToLong(Candidate::bytes).sum();
        for (Candidate oldest : candidates) {
            if (total <= bytes && oldest.modified() >= expired) {
                return;
            }
            // a file that is in use elsewhere is simply begun anew
            Files.deleteIfExists(oldest.path());
            total -= oldest.bytes();
        }
    }

    private static void collect(Path directory, Predicate<String> mine, List<Candidate> candidates) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (mine.test(file.getFileName().toString())) {
                    add(file, candidates);
                }
            }
        } catch (NoSuchFileException e) {
            // then there is nothing to delete
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void add(Path file, List<Candidate> candidates) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                candidates.add(new Candidate(
                        file, attributes.size(), attributes.lastModifiedTime().toMillis()));
            }
        } catch (NoSuchFileException e) {
            // another process keeps the same budget
        }
    }
}
