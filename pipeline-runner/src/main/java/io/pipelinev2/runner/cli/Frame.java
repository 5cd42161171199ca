package io.pipelinev2.runner.cli;

import java.util.List;

/** A text that takes the place of the one before it on a terminal, without a flicker. */
final class Frame {

    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private Frame() {}

    /** @param rows how many lines the terminal has; what is more would make it scroll, and is left out */
    static String of(String text, int rows) {
        List<String> lines = text.lines().toList();
        boolean fits = lines.size() < rows;
        StringBuilder frame = new StringBuilder(HOME);
        lines.stream()
                .limit(fits ? lines.size() : Math.max(1, rows - 2))
                .forEach(line -> frame.append(line).append(END_OF_LINE).append('\n'));
        if (!fits) {
            frame.append("… and ")
                    .append(lines.size() - Math.max(1, rows - 2))
                    .append(" lines more")
                    .append(END_OF_LINE)
                    .append('\n');
        }
        return frame.append(REST_OF_SCREEN).toString();
    }
}
