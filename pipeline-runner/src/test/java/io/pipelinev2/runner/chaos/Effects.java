package io.pipelinev2.runner.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was really done: every runner writes the beginning and the end of each execution of a stage to a file of its own, in
 * one piece each, so that they are there however it dies. The database knows nothing of them.
 */
final class Effects implements AutoCloseable {

    private static final String SUFFIX = ".effects";

    /** One line: that a runner began, or ended, this attempt. */
    record Effect(String runner, int trial, String stage, int attempt, boolean end) {}

    /** Not a channel: that would be closed for all threads by the first that is interrupted in it. */
    private final FileOutputStream file;

    private Effects(FileOutputStream file) {
        this.file = file;
    }

    static Effects of(Path directory, String runner) throws IOException {
        return new Effects(
                new FileOutputStream(directory.resolve(runner + SUFFIX).toFile(), true));
    }

    void begun(int trial, String stage, int attempt) throws IOException {
        write("begun %d %s %d\n".formatted(trial, stage, attempt));
    }

    void ended(int trial, String stage, int attempt) throws IOException {
        write("ended %d %s %d\n".formatted(trial, stage, attempt));
    }

    private void write(String line) throws IOException {
        file.write(line.getBytes(StandardCharsets.UTF_8));
    }

    /** All that all runners wrote. */
    static List<Effect> all(Path directory) throws IOException {
        List<Effect> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String runner = name.substring(0, name.length() - SUFFIX.length());
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.split(" ");
                    all.add(new Effect(
                            runner,
                            Integer.parseInt(words[1]),
                            words[2],
                            Integer.parseInt(words[3]),
                            words[0].equals("ended")));
                }
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
