package io.pipelinev2.runner.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is known of the terminal, if there is one. */
final class Terminal {

    private static final int STANDARD_ERROR = 2;
    private static final int STANDARD_OUTPUT = 1;
    private static final int DEFAULT_WIDTH = 120;

    private Terminal() {}

    /** Whether progress may be drawn and redrawn. */
    static boolean showsProgress() {
        return isTerminal(STANDARD_ERROR) && !"dumb".equals(System.getenv("TERM"));
    }

    /** The width that a table should keep to, or none if it goes into a file or a pipe. */
    static Optional<Integer> width() {
        if (!isTerminal(STANDARD_OUTPUT)) {
            return Optional.empty();
        }
        String columns = System.getenv("COLUMNS");
        return Optional.of(columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : measured());
    }

    /** Asks the terminal: shells keep COLUMNS to themselves. */
    private static int measured() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return size.matches("\\d+ [1-9]\\d{1,3}") ? Integer.parseInt(size.split(" ")[1]) : DEFAULT_WIDTH;
        } catch (IOException e) {
            return DEFAULT_WIDTH;
        }
    }

    /** System.console() is no answer: it needs both ends, and newer JDKs give one without any terminal. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
