package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Whether the kill switch is thrown, since when, and what stands in it. */
public final class KillFileCheck implements Check {

    private static final int LONGEST_WORDS = 200;

    private final Path file;
    private final Clock clock;

    /** @param file {@code state/KILL} */
    public KillFileCheck(Path file) {
        this(file, Clock.system());
    }

    KillFileCheck(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "kill-switch";
    }

    @Override
    public List<Finding> look() {
        try {
            Instant since = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
            String words = words();
            return List.of(thrown("%s exists since %s, for %s%s, so no trader of this home gives orders as usual"
                    .formatted(
                            file,
                            since,
                            inWords(Duration.between(since, clock.now())),
                            words.isEmpty() ? "" : " (" + words + ")")));
        } catch (NoSuchFileException none) {
            return List.of(Finding.ok("not thrown"));
        } catch (IOException e) {
            // Traders, too, take what they cannot look at for a switch that is thrown.
            return List.of(
                    thrown("%s cannot be looked at (%s), so no trader of this home gives orders".formatted(file, e)));
        }
    }

    private Finding thrown(String what) {
        return Finding.warn(what, "if that is over: resume; to rm " + file + " ends only what was made by hand");
    }

    private String words() {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_WORDS), StandardCharsets.UTF_8)
                    .strip()
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String inWords(Duration duration) {
        if (duration.toDays() > 0) {
            return "%d d %d h".formatted(duration.toDays(), duration.toHoursPart());
        }
        return duration.toHours() > 0
                ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
                : "%d min".formatted(Math.max(0, duration.toMinutes()));
    }
}
