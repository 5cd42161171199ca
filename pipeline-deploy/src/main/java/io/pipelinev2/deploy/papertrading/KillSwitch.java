package io.pipelinev2.deploy.papertrading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The switch of a whole home: while the file is there, no trader gives any order; if its first word is {@code reducing},
 * none enters a position. It needs nothing but the file system, so it works while no daemon does.
 */
final class KillSwitch {

    private static final int LONGEST_REASON = 200;

    private final @Nullable Path file;

    KillSwitch(@Nullable Path file) {
        this.file = file;
    }

    Permission permission() {
        if (file == null) {
            return Permission.ALL;
        }
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (NoSuchFileException none) {
            return Permission.ALL;
        } catch (IOException e) {
            // Whatever is there, somebody pulled the switch.
            return Permission.nothing("the kill switch " + file + " is there");
        }
        boolean reducing = text.toLowerCase(Locale.ROOT).matches("(?s)reducing\\b.*");
        String why = "the kill switch " + file + " is set"
                + (text.isEmpty()
                        ? ""
                        : " (" + text.lines().findFirst().orElse("").transform(KillSwitch::cut) + ")");
        return reducing ? Permission.exitsOnly(why) : Permission.nothing(why);
    }

    private static String cut(String line) {
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }
}
