package io.pipelinev2.runner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers that are the same whenever they are asked for. They are printed when the program is built, because making them would
 * take several times as long as all else: every command's class is loaded and looked through for that.
 */
final class Printed {

    /** The list of commands, 80 columns wide, with the escapes of its colours. */
    static final String HELP = "help.txt";

    /** For a program that is called {@code pipeline}. */
    static final String COMPLETION = "completion.bash";

    static final int COLUMNS = 80;

    /** Before bash's script, which zsh reads with its own help. */
    static final String FOR_ZSH = "autoload -Uz compinit bashcompinit && compinit && bashcompinit";

    private static final char ESCAPE = '\u001b';

    private Printed() {}

    /** Answers if this is one of the questions, and the answer fits the terminal. */
    static boolean answer(String... arguments) {
        String asked = String.join(" ", arguments);
        switch (asked) {
            case "--help", "-h", "help" -> {
                boolean fits = !Terminal.isOut() || Terminal.width().orElse(COLUMNS) >= COLUMNS;
                if (fits) {
                    print(help(ColorChoice.AUTO.isOn(System.getenv(), Terminal.isOut())));
                }
                return fits;
            }
            case "--version", "-V" -> print(version() + "\n");
            case "completion bash" -> print(text(COMPLETION));
            case "completion zsh" -> print(FOR_ZSH + "\n" + text(COMPLETION));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void print(String text) {
        PrintStream out = System.out;
        out.print(text);
        out.flush();
    }

    /** The version in the jar's manifest. */
    static String version() {
        String version = Printed.class.getPackage().getImplementationVersion();
        return "Pipeline V2 " + (version == null ? "(not packaged)" : version);
    }

    static String help(boolean coloured) {
        String text = text(HELP);
        return coloured ? text : plain(text);
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == ESCAPE) {
                escaped = true;
            }
            if (!escaped) {
                plain.append(each);
            }
            if (each == 'm') {
                escaped = false;
            }
        }
        return plain.toString();
    }

    private static String text(String name) {
        try (InputStream in = Printed.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The program's jar lacks " + name + ". Build it again.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
