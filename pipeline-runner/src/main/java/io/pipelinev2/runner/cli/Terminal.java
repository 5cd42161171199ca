package io.pipelinev2.runner.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is known of the terminal, if there is one. */
final class Terminal {

    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final Size DEFAULT = new Size(40, 120);

    private record Size(int rows, int columns) {}

    private Terminal() {}

    /** Whether progress may be drawn and redrawn. */
    static boolean showsProgress() {
        return isTerminal(STANDARD_ERROR) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether somebody at a terminal may be asked. */
    static boolean isIn() {
        return isTerminal(STANDARD_INPUT);
    }

    /** Whether somebody at a terminal reads what is written. */
    static boolean isOut() {
        return isTerminal(STANDARD_OUTPUT);
    }

    /** The width that a table should keep to, or none if it goes into a file or a pipe. */
    static Optional<Integer> width() {
        if (!isOut()) {
            return Optional.empty();
        }
        String columns = System.getenv("COLUMNS");
        return Optional.of(
                columns != null && columns.matches("\\d{2,4}")
                        ? Integer.parseInt(columns)
                        : measured().columns());
    }

    /** How many lines it has. */
    static int rows() {
        return measured().rows();
    }

    /** Asks the terminal: shells keep COLUMNS to themselves. */
    private static Size measured() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            // a terminal that knows nothing of itself says 0
            return size.matches("[1-9]\\d{0,3} [1-9]\\d{1,3}")
                    ? new Size(Integer.parseInt(size.split(" ")[0]), Integer.parseInt(size.split(" ")[1]))
                    : DEFAULT;
        } catch (IOException e) {
            return DEFAULT;
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
