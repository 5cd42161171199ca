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

    private final TraderCommand traders;
    private final Map<Path, Integer> room = new HashMap<>();
    private int filled;

    FullDisks(TraderCommand traders) {
        this.traders = traders;
    }

    /** The next start of the trader with this state directory has so much room for its ledger, and the one after it enough. */
    void fill(Path stateDirectory, int bytesLeft) {
        room.put(stateDirectory, bytesLeft);
    }

    /** How many traders were started with one so far. */
    int filled() {
        return filled;
    }

    @Override
    public List<String> argv(Path stateDirectory) {
        List<String> argv = traders.argv(stateDirectory);
        Integer left = room.remove(stateDirectory);
        if (left == null) {
            return argv;
        }
        filled++;
        try {
            long blocks = (Files.size(stateDirectory.resolve(Ledger.NAME)) + left) / BLOCK;
            List<String> limited =
                    new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f " + blocks + " && exec \"$@\"", "sh"));
            limited.addAll(argv);
            return limited;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
