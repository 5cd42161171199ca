package io.pipelinev2.deploy;

import io.pipelinev2.deploy.launch.TraderCommand;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts traders, some of them with a disk that will be full: the kernel lets none of their files grow beyond a size that
 * their ledger is about to reach.
 */
final class FullDisks implements TraderCommand {

    /** What POSIX has {@code ulimit -f} count in. */
    private static final int BLOCK = 512;

    /** More than any line of a ledger. */
    private static final int LINE = 4_096;

    private final TraderCommand traders;
    private final Map<Path, Long> limits = new HashMap<>();
    private int filled;

    FullDisks(TraderCommand traders) {
        this.traders = traders;
    }

    /**
     * The trader with this state directory finds no more room than this for its ledger, and some lines, until that was used up. A
     * start may be prepared and given up, or killed before.
     */
    void fill(Path stateDirectory, int bytesLeft) {
        limits.put(stateDirectory, (ledgerSize(stateDirectory) + 2 * LINE + bytesLeft) / BLOCK);
    }

    /** Whether this trader is to find its disk full, and has not yet. */
    boolean isFilling(Path stateDirectory) {
        return limits.containsKey(stateDirectory);
    }

    /** How many disks were full so far. */
    int filled() {
        return filled;
    }

    @Override
    public List<String> argv(Path stateDirectory) {
        List<String> argv = traders.argv(stateDirectory);
        Long blocks = limits.get(stateDirectory);
        if (blocks == null) {
            return argv;
        }
        if (ledgerSize(stateDirectory) > blocks * BLOCK - LINE) {
            limits.remove(stateDirectory);
            filled++;
            return argv;
        }
        List<String> limited =
                new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f " + blocks + " && exec \"$@\"", "sh"));
        limited.addAll(argv);
        return limited;
    }

    private static long ledgerSize(Path stateDirectory) {
        try {
            return Files.size(stateDirectory.resolve(Ledger.NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
