package io.pipelinev2.runner.health;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.config.DiskConfig;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new work from being begun while a file system that the pipeline writes to is nearly full, so that what runs can still
 * be written down. It looks when it is asked, but not more often than every few seconds.
 */
public final class DiskGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Reading reading;
    private final DiskConfig config;
    private final Clock clock;
    private long readAt;
    private boolean wasRead;
    private @Nullable String refusal;

    /** Reads the file systems that are written to. */
    interface Reading {
        List<Volume> volumes() throws IOException;
    }

    DiskGuard(Reading reading, DiskConfig config, Clock clock) {
        this.reading = reading;
        this.config = config;
        this.clock = clock;
    }

    /** Why nothing new may be begun, in words; empty if it may. */
    public synchronized Optional<String> refusal() {
        long now = clock.nanoTime();
        if (!wasRead || now - readAt >= FRESH.toNanos()) {
            wasRead = true;
            readAt = now;
            look();
        }
        return Optional.ofNullable(refusal);
    }

    private void look() {
        String before = refusal;
        try {
            refusal = refusal(reading.volumes(), before != null);
        } catch (IOException e) {
            // a disk that cannot be asked may have room all the same: what is written to it will tell
            LOG.warn(
                    RunnerLogCode.DISKS_UNREADABLE,
                    "How much room there is on the disks cannot be read: {}",
                    e.toString());
            refusal = null;
        }
        if (before == null && refusal != null) {
            LOG.error(RunnerLogCode.DISK_FULL, "Nothing new is begun: {}", refusal);
        } else if (before != null && refusal == null) {
            LOG.info("There is room on the disk again; work goes on.");
        }
    }

    private @Nullable String refusal(List<Volume> volumes, boolean held) {
        // somewhat more than it began with, so that it does not end and begin again with every file
        long enough = held ? config.stop() + config.stop() / 4 : config.stop();
        return volumes.stream()
                .filter(Volume::written)
                .filter(volume -> volume.free() < enough)
                .findFirst()
                .map(volume ->
                        "the disk of %s has only %s left (disk.stop is %s); what runs goes on, and the rest when there are %s again"
                                .formatted(
                                        volume.path(),
                                        Bytes.shown(volume.free()),
                                        Bytes.shown(config.stop()),
                                        Bytes.shown(config.stop() + config.stop() / 4)))
                .orElse(null);
    }
}
