package io.pipelinev2.backtest.market;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One CSV file that grows. */
final class GrowingFile {

    /** Lines of each asset before the new ones in which a bar that was revised is noticed. */
    static final int LOOK_BACK = 64;

    private static final int BLOCK = 1 << 16;
    private static final int MAX_HEADER = 1 << 16;

    private final Path path;
    private final @Nullable String asset;
    private final Optional<ZoneId> zone;
    private @Nullable State read;
    private byte[] header = new byte[0];
    private long window;

    /** @param asset of its bars, or null if a column says it */
    GrowingFile(Path path, @Nullable String asset, Optional<ZoneId> zone) {
        this.path = path;
        this.asset = asset;
        this.zone = zone;
    }

    Path path() {
        return path;
    }

    /** Goes through all complete lines. */
    void survey(CsvBarReader.Rows rows) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long end = endOfLines(channel, channel.size());
            if (end > 0) {
                scan(stretch(channel, 0, end), rows);
            }
        }
    }

    /** @return whether it had changed */
    boolean readInto(List<String> assets, List<BarHistory> into, GrowingCsv.Revisions revisions) throws IOException {
        State now = State.of(path);
        State before = read;
        if (now.equals(before)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long end = endOfLines(channel, Math.min(now.bytes(), channel.size()));
            byte[] head = Arrays.copyOf(bytes(channel, 0, (int) Math.min(end, MAX_HEADER)), MAX_HEADER);
            int line = 0;
            while (line < head.length && head[line] != '\n') {
                line++;
            }
            if (end == 0 || line == head.length) {
                throw new MalformedMarketDataException(path + " has no complete line yet. It is read when it has one.");
            }
            head = Arrays.copyOf(head, line + 1);
            requireUtf8(head);
            boolean grown = before != null
                    && before.grewInto(now)
                    && Arrays.equals(head, header)
                    && end >= window
                    && bytes(channel, window - 1, 1)[0] == '\n';
            if (!grown || !readTail(channel, end, assets, into, revisions)) {
                compare(stretch(channel, 0, end), assets, into);
                apply(stretch(channel, 0, end), assets, into, revisions);
            }
            header = head;
            window = Math.max(head.length, startOfLast(channel, end, LOOK_BACK * (asset == null ? assets.size() : 1)));
        }
        read = now;
        return true;
    }

    /** @return false if it makes no sense, which the whole may do */
    private boolean readTail(
            FileChannel channel, long end, List<String> assets, List<BarHistory> into, GrowingCsv.Revisions revisions)
            throws IOException {
        if (end - window > Integer.MAX_VALUE / 4) {
            return false;
        }
        byte[] tail = bytes(channel, window, (int) (end - window));
        try {
            compare(tail(tail), assets, into);
        } catch (MalformedMarketDataException e) {
            return false;
        }
        apply(tail(tail), assets, into, revisions);
        return true;
    }

    private InputStream tail(byte[] lines) {
        return new SequenceInputStream(new ByteArrayInputStream(header), new ByteArrayInputStream(lines));
    }

    /** Whether what was read before is still there. */
    private void compare(InputStream lines, List<String> assets, List<BarHistory> known) throws IOException {
        boolean[] newestThere = new boolean[assets.size()];
        int[] same = new int[assets.size()];
        int[] other = new int[assets.size()];
        scan(lines, (name, time, bar) -> {
            int i = assets.indexOf(name);
            if (i < 0 || known.get(i).size() == 0) {
                return;
            }
            BarHistory history = known.get(i);
            int index = history.indexOf(time);
            newestThere[i] |= index == history.size() - 1;
            if (index >= Math.max(0, history.size() - LOOK_BACK)) {
                if (history.same(index, bar)) {
                    same[i]++;
                } else {
                    other[i]++;
                }
            }
        });
        for (int i = 0; i < newestThere.length; i++) {
            BarHistory history = known.get(i);
            if (asset != null && !asset.equals(assets.get(i)) || history.size() == 0) {
                continue;
            }
            if (!newestThere[i]) {
                throw new MalformedMarketDataException(path + " does not have the bar of " + assets.get(i) + " at "
                        + Instant.ofEpochMilli(history.time(history.size() - 1))
                        + " any more, which was read before. Is it being written, or was it replaced by another? It is"
                        + " read again until it has it.");
            }
            if (same[i] == 0 && other[i] > 1) {
                throw new MalformedMarketDataException(path + " has other values in all of the last " + other[i]
                        + " bars of " + assets.get(i) + " that were read before. Was it replaced by another? It is read"
                        + " again until it has them.");
            }
        }
    }

    private void apply(InputStream lines, List<String> assets, List<BarHistory> into, GrowingCsv.Revisions revisions)
            throws IOException {
        scan(lines, (name, time, bar) -> {
            int i = assets.indexOf(name);
            if (i >= 0 && into.get(i).put(time, bar) == BarHistory.Change.REVISED) {
                revisions.revised(i, time);
            }
        });
    }

    private void scan(InputStream lines, CsvBarReader.Rows rows) throws IOException {
        CsvBarReader.scan(lines, path, asset, zone, rows);
    }

    private void requireUtf8(byte[] head) {
        if (head.length > 1 && (head[0] & 0xff) >= 0xfe && (head[1] & 0xff) >= 0xfe) {
            throw new MalformedMarketDataException(
                    path + " is written in UTF-16; a file that grows must be in UTF-8. Write it anew.");
        }
    }

    /** Where the last complete line ends, 0 if there is none. */
    private static long endOfLines(FileChannel channel, long size) throws IOException {
        return startOfLast(channel, size, 0);
    }

    /** Where the last {@code lines} of the complete lines before {@code end} begin. */
    private static long startOfLast(FileChannel channel, long end, int lines) throws IOException {
        int left = lines;
        for (long to = end; to > 0; ) {
            int length = (int) Math.min(BLOCK, to);
            byte[] block = bytes(channel, to - length, length);
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n' && left-- == 0) {
                    return to - length + i + 1;
                }
            }
            to -= length;
        }
        return 0;
    }

    private static byte[] bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("a file became shorter while it was read. Is it being written?");
            }
        }
        return bytes.array();
    }

    /** A stretch of the file; that it ends early is an error, because a number that was cut is one still. */
    private static InputStream stretch(FileChannel channel, long from, long to) {
        return new InputStream() {
            private long at = from;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (at >= to || length == 0) {
                    return length == 0 ? 0 : -1;
                }
                int read = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, to - at)), at);
                if (read < 0) {
                    throw new EOFException("a file became shorter while it was read. Is it being written?");
                }
                at += read;
                return read;
            }
        };
    }

    /** A file at one moment. */
    private record State(@Nullable Object key, long bytes, FileTime modified) {

        static State of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new State(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        }

        boolean grewInto(State later) {
            return key != null && key.equals(later.key) && later.bytes > bytes;
        }
    }
}
