package io.pipelinev2.deploy.papertrading.ledger;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a ledger holds after a line, beside the trader that appends to it. */
public final class LedgerTail {

    private static final int NEAR = 64 * 1024;

    private LedgerTail() {}

    /**
     * The lines after one, oldest first. It takes the time of reading them, however long the ledger is. A last line that is
     * not complete is left out: its trader is writing it, or was killed while it did.
     *
     * @param file the {@code ledger.jsonl}; one that is not there has no lines
     * @param afterSeq the number of the last line that is known, 0 for none
     * @param limit how many at most
     * @throws DamagedLedgerException if a line before the last one is damaged or missing
     * @throws PipelineException if the file cannot be read
     */
    public static List<LedgerLine> read(Path file, long afterSeq, int limit) {
        List<LedgerLine> lines = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            LineReader reader = new LineReader(channel, near(channel, afterSeq + 1));
            long expected = -1;
            while (lines.size() < limit) {
                @Nullable RawLine line = reader.read();
                if (line == null || !line.terminated()) {
                    break;
                }
                if (!line.isWhole() || (expected != -1 && line.sequence() != expected)) {
                    if (reader.read() == null) {
                        break;
                    }
                    throw new DamagedLedgerException("The ledger " + file + " is damaged "
                            + (expected > 1 ? "after line " + (expected - 1) : "at byte " + line.offset())
                            + ". Restore its directory from a backup.");
                }
                expected = line.sequence() + 1;
                if (line.sequence() > afterSeq) {
                    if (lines.isEmpty() && line.sequence() != afterSeq + 1) {
                        throw new DamagedLedgerException("The ledger " + file + " has no line " + (afterSeq + 1)
                                + ", but line " + line.sequence() + ". Restore its directory from a backup.");
                    }
                    lines.add(line.parse());
                }
            }
            return lines;
        } catch (NoSuchFileException none) {
            return lines;
        } catch (IOException e) {
            throw new PipelineException("Cannot read the ledger " + file + ": " + e + ".", e);
        }
    }

    /** Where a line begins that is not after the wanted one, and close to it if the ledger is in order. */
    private static long near(FileChannel channel, long wanted) throws IOException {
        long low = 0;
        long high = channel.size();
        while (high - low > NEAR) {
            long middle = low + (high - low) / 2;
            LineReader reader = new LineReader(channel, middle);
            reader.read();
            @Nullable RawLine line = reader.offset() < high ? reader.read() : null;
            if (line != null && line.sequence() >= 1 && line.sequence() <= wanted) {
                low = line.offset();
            } else {
                high = middle;
            }
        }
        return low;
    }
}
