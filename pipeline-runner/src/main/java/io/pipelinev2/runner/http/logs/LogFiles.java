package io.pipelinev2.runner.http.logs;

import io.pipelinev2.runner.http.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The files of one log as they are now: what was set aside when it was full, and what is written to. A link is not followed:
 * whoever can plant one in the directory of logs would else have any file of the owner's shown.
 */
public final class LogFiles {

    private static final int LONGEST_KEPT = 64 * 1024;

    private final List<Piece> pieces;

    private LogFiles(List<Piece> pieces) {
        this.pieces = pieces;
    }

    private record Piece(Path path, long inode, long from, long size) {

        long length() {
            return size - from;
        }

        Piece from(long offset) {
            return new Piece(path, inode, offset, size);
        }
    }

    /**
     * @param root below which the files must lie, links resolved
     * @param files oldest first; those that are not there do not matter
     * @param since files that were not written to since then are left out
     * @throws ProblemException if none is there (404)
     */
    public static LogFiles of(Path root, List<Path> files, Instant since) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        boolean found = false;
        for (Path file : files) {
            try {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && file.toRealPath().startsWith(root.toRealPath())) {
                    found = true;
                    BasicFileAttributes now =
                            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    boolean last = file.equals(files.get(files.size() - 1));
                    if (last || !now.lastModifiedTime().toInstant().isBefore(since)) {
                        pieces.add(new Piece(file, inode(file), 0, now.size()));
                    }
                }
            } catch (NoSuchFileException e) {
                // dropped or set aside just now
            }
        }
        if (!found) {
            throw new ProblemException(
                    404, "There is no log: nothing was written yet, or it was dropped to keep within logs.max_total.");
        }
        return new LogFiles(pieces);
    }

    private static long inode(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue();
    }

    /**
     * What of a log is to be read.
     *
     * @param truncated whether there was more before it that is not read
     * @param cut whether it begins within a line
     * @param goesOn whether a line that has no end yet is left for the next time
     * @param end where it ends
     */
    record Stretch(List<Piece> pieces, boolean truncated, boolean cut, boolean goesOn, LogPlace end) {

        /** Passes each line on; returns how far it came. */
        LogPlace read(Consumer<String> lines) throws IOException {
            LogPlace place = end;
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                boolean last = i == pieces.size() - 1;
                place = new LogPlace(piece.inode(), LogFiles.read(piece, i == 0 && cut, last && goesOn, lines));
            }
            return place;
        }
    }

    /** The last so many bytes. */
    Stretch last(long most) {
        return limited(pieces, most, false, false);
    }

    /** What was written after this, the last so many bytes of it. */
    Stretch after(LogPlace place, long most) {
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.inode() == place.file()) {
                List<Piece> rest = new ArrayList<>(pieces.subList(i, pieces.size()));
                if (piece.size() >= place.offset()) {
                    rest.set(0, piece.from(place.offset()));
                    return limited(rest, most, false, true);
                }
                // emptied under its writer after a copy was made, which is the one before
                if (i > 0 && pieces.get(i - 1).size() >= place.offset()) {
                    rest.add(0, pieces.get(i - 1).from(place.offset()));
                    return limited(rest, most, false, true);
                }
                return limited(rest, most, true, true);
            }
        }
        return limited(pieces, most, place.file() != 0, true);
    }

    private static Stretch limited(List<Piece> all, long most, boolean lost, boolean goesOn) {
        List<Piece> kept = new ArrayList<>();
        long left = most;
        boolean cut = false;
        boolean dropped = lost;
        for (int i = all.size() - 1; i >= 0; i--) {
            Piece piece = all.get(i);
            if (left == 0) {
                dropped |= piece.length() > 0;
            } else {
                cut = piece.length() > left;
                dropped |= cut;
                kept.add(0, cut ? piece.from(piece.size() - left) : piece);
                left -= Math.min(left, piece.length());
            }
        }
        Piece last = all.isEmpty() ? null : all.get(all.size() - 1);
        LogPlace end = last == null ? new LogPlace(0, 0) : new LogPlace(last.inode(), last.size());
        return new Stretch(kept, dropped, cut, goesOn, end);
    }

    /**
     * @param cut whether the first line is the rest of one
     * @param whole whether what has no end yet is left for the next time
     * @return how far it came
     */
    private static long read(Piece piece, boolean cut, boolean whole, Consumer<String> lines) throws IOException {
        long at = piece.from();
        long done = at;
        boolean skips = cut;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (SeekableByteChannel channel =
                        Files.newByteChannel(piece.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                InputStream in = opened(channel, at)) {
            for (int c = at < piece.size() ? in.read() : -1; c >= 0; c = at < piece.size() ? in.read() : -1) {
                at++;
                if (c != '\n') {
                    if (line.size() < LONGEST_KEPT) {
                        line.write(c);
                    }
                    continue;
                }
                if (!skips) {
                    lines.accept(text(line));
                }
                skips = false;
                line.reset();
                done = at;
            }
        } catch (NoSuchFileException e) {
            return done;
        }
        if (line.size() > 0 && !skips && (!whole || line.size() == LONGEST_KEPT)) {
            lines.accept(text(line));
            done = at;
        }
        return done;
    }

    private static InputStream opened(SeekableByteChannel channel, long at) throws IOException {
        channel.position(at);
        return new BufferedInputStream(Channels.newInputStream(channel), LONGEST_KEPT);
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
