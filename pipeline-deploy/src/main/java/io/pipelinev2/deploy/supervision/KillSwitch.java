package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the home's kill switch, {@code state/KILL}, in line with the pipeline's setting {@code orders}: while that forbids
 * orders the file is there, whoever removes it. A file that somebody made by hand is left alone; it forbids orders, too.
 */
final class KillSwitch {

    /** The setting that holds the label of the home's {@link TradingState}. */
    static final String SETTING = "orders";

    private static final Logger LOG = LoggerFactory.getLogger(KillSwitch.class);

    private final Register register;
    private final Path file;
    private boolean told;

    KillSwitch(Register register, Path file) {
        this.register = register;
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
        boolean byHand = wanted == TradingState.ACTIVE && there;
        if (byHand && !told) {
            LOG.warn(
                    "{} exists, so no trader of this home gives new orders. Remove it, or `resume`, to let them.",
                    file);
        }
        told = byHand;
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
        String words = wanted.label() + "\nwritten by the pipeline: `resume` ends it\n";
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, words, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            LOG.warn("Trading is {}: {} was missing and is written", wanted.label(), file);
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
