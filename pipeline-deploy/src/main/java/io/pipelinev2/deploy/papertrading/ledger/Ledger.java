package io.pipelinev2.deploy.papertrading.ledger;

import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a ledger. What was {@linkplain #append appended} counts once it was {@linkplain #force forced} to disk.
 * After a write that failed nothing more is written: what is on disk is known again only when the ledger is opened anew.
 */
public final class Ledger implements AutoCloseable {

    /** Its name in a deployment's state directory. */
    public static final String NAME = "ledger.jsonl";

    // The most frequent first.
    private static final List<String> KINDS = List.of(
            LedgerLine.BAR, LedgerLine.TRADING, LedgerLine.NOTICE, LedgerLine.START, LedgerLine.END, LedgerLine.OPEN);

    private final Path file;
    private final FileChannel channel;
    private final Clock clock;
    private long length;
    private long sequence;
    private long cut;
    private boolean failed;

    private Ledger(Path file, FileChannel channel, Clock clock) {
        this.file = file;
        this.channel = channel;
        this.clock = clock;
    }

    /** Is shown every line while a ledger is opened. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A line of this kind.
         *
         * @param content parses it when it is asked for, and may be kept
         */
        void line(String kind, Content content);
    }

    /** A line that is not parsed yet. */
    @FunctionalInterface
    public interface Content {
        /** @throws DamagedLedgerException if it makes no sense */
        LedgerLine parse();
    }

    /**
     * Opens a ledger, which is made if it is not there, and checks every line. A torn last line is cut off: what it would
     * have told did not count.
     *
     * @param file the {@code ledger.jsonl}
     * @param visitor is shown what the ledger holds, from the first line to the last
     * @throws DamagedLedgerException if anything before the last line is damaged or missing; nothing was changed then
     * @throws IOException if it cannot be read or written
     */
    public static Ledger open(Path file, Clock clock, Visitor visitor) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Ledger ledger = new Ledger(file, channel, clock);
        boolean opened = false;
        try {
            ledger.readAll(visitor);
            ledger.cutTornLine();
            opened = true;
            return ledger;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /**
     * Shows what a ledger holds without opening it for writing. A torn last line is left out.
     *
     * @throws DamagedLedgerException if anything before the last line is damaged or missing
     * @throws IOException if it cannot be read
     */
    public static void read(Path file, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            new Ledger(file, channel, Clock.system()).readAll(visitor);
        }
    }

    private void readAll(Visitor visitor) throws IOException {
        LineReader reader = new LineReader(channel, 0);
        for (@Nullable RawLine line = reader.read(); line != null; line = reader.read()) {
            if (!line.isWhole()) {
                if (reader.read() == null) {
                    return;
                }
                throw damaged("line " + (sequence + 1) + ", at byte " + line.offset() + ", is not as it was written");
            }
            if (line.sequence() != sequence + 1) {
                throw damaged("line " + (sequence + 1) + " is missing: line " + line.sequence() + " stands at byte "
                        + line.offset() + " in its place");
            }
            sequence++;
            length = reader.offset();
            visitor.line(kind(line), line::parse);
        }
    }

    private static String kind(RawLine line) {
        for (String kind : KINDS) {
            if (line.isOf(kind)) {
                return kind;
            }
        }
        return line.parse().kind();
    }

    private void cutTornLine() throws IOException {
        cut = channel.size() - length;
        if (cut > 0) {
            channel.truncate(length);
            channel.force(true);
        }
    }

    /** How many bytes of a torn last line were cut off when it was opened. */
    public long cut() {
        return cut;
    }

    /** The number of the last line; 0 while there is none. */
    public long lastSequence() {
        return sequence;
    }

    /**
     * Appends a line, which counts once it was forced.
     *
     * @throws IOException if there is no room, or a write failed before
     */
    public void append(String kind, Map<String, ? extends @Nullable Object> fields) throws IOException {
        requireSound();
        byte[] line = RawLine.encode(new LedgerLine(sequence + 1, kind, clock.now(), new LinkedHashMap<>(fields)));
        failed = true;
        ByteBuffer bytes = ByteBuffer.wrap(line);
        long at = length;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        failed = false;
        length = at;
        sequence++;
    }

    /**
     * Makes what was appended outlast a crash of the machine.
     *
     * @throws IOException if the disk refuses, or a write failed before
     */
    public void force() throws IOException {
        requireSound();
        failed = true;
        channel.force(false);
        failed = false;
    }

    private void requireSound() throws IOException {
        if (failed) {
            throw new IOException("an earlier write to " + file + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private DamagedLedgerException damaged(String what) {
        return new DamagedLedgerException("The ledger " + file + " is damaged: " + what
                + ". It is not changed, and the account is not started over silently. Restore the directory from a backup, or"
                + " `stop` the trial and `deploy --new-account` it.");
    }
}
