package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the home's kill switch, {@code state/KILL}, in line with the pipeline's setting {@code orders}: while that forbids
 * orders the file is there, whoever removes it. A file that somebody made by hand is left alone; it forbids orders, too.
 * That it appeared and that it went are told once each, whoever supervises then.
 */
final class KillSwitch {

    /** The setting that holds the label of the home's {@link TradingState}. */
    static final String SETTING = "orders";

    /** The setting that says since when there is a file that no command asked for; empty if there is none. */
    private static final String BY_HAND = "kill_file_by_hand_since";

    /** A command makes the file before it writes the setting; so long a file may be that of a command under way. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private static final int LONGEST_WORDS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(KillSwitch.class);

    private final Register register;
    private final Clock clock;
    private final Path file;
    private @Nullable Long byHandSince;

    KillSwitch(Register register, Clock clock, Path file) {
        this.register = register;
        this.clock = clock;
        this.file = file;
    }

    /**
     * @throws PipelineException if the file cannot be written
     */
    void look() {
        TradingState wanted = wanted();
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        if (wanted != TradingState.ACTIVE && !there) {
            write(wanted);
        }
        boolean told =
                register.setting(BY_HAND).filter(since -> !since.isEmpty()).isPresent();
        if (wanted == TradingState.ACTIVE && there) {
            if (!told && hasLasted()) {
                tellOfAppearance();
            }
        } else {
            byHandSince = null;
            if (told) {
                tellOfEnd(there);
            }
        }
    }

    private boolean hasLasted() {
        long now = clock.nanoTime();
        if (byHandSince == null) {
            byHandSince = now;
        }
        return now - byHandSince >= UNDER_WAY.toNanos();
    }

    private void tellOfAppearance() {
        String words = words();
        String message = file + " was made by hand" + (words.isEmpty() ? "" : " (" + words + ")")
                + ", so no trader of this home gives orders as usual; removing it, or `resume`, ends that";
        LOG.warn(DeployLogCode.HALTED_BY_HAND, "{}", message);
        register.writeAll(tx -> {
            if (tx.setting(BY_HAND).filter(since -> !since.isEmpty()).isEmpty()) {
                tx.put(BY_HAND, clock.now().toString());
                tx.append(event(EventType.OPERATOR_HALT, message));
            }
        });
    }

    /** @param taken whether the file is still there, because a command that said so itself has made it its own */
    private void tellOfEnd(boolean taken) {
        register.writeAll(tx -> {
            if (tx.setting(BY_HAND).filter(since -> !since.isEmpty()).isPresent()) {
                tx.put(BY_HAND, "");
                if (!taken) {
                    String message = file + ", which was made by hand, is gone";
                    LOG.info("{}", message);
                    tx.append(event(EventType.OPERATOR_RESUME, message));
                }
            }
        });
    }

    private Event event(EventType type, String message) {
        return new Event(0, clock.now(), type, null, null, "unknown", "file", message);
    }

    private String words() {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LONGEST_WORDS), StandardCharsets.UTF_8).strip();
            return text.lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    private TradingState wanted() {
        Optional<String> label = register.setting(SETTING);
        try {
            return label.map(TradingState::of).orElse(TradingState.ACTIVE);
        } catch (IllegalArgumentException unknown) {
            // A later version's word, which this one cannot read: what is not understood forbids.
            return TradingState.HALTED;
        }
    }

    private void write(TradingState wanted) {
        String words = wanted.label() + " by a command; the file was missing and is written again: `resume` ends it\n";
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, words, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            LOG.warn(
                    DeployLogCode.KILL_FILE_REWRITTEN,
                    "Trading is {}: {} was missing and is written",
                    wanted.label(),
                    file);
            // Somebody may have resumed between the look and the write.
            if (wanted() == TradingState.ACTIVE && Files.readString(file).equals(words)) {
                Files.deleteIfExists(file);
            }
        } catch (FileAlreadyExistsException byHand) {
            LOG.debug("{} was made meanwhile", file);
        } catch (IOException e) {
            throw new PipelineException(
                    "Trading is " + wanted.label() + ", but " + file + " cannot be written: " + e + ". Write it: touch "
                            + file,
                    e);
        }
    }
}
