package io.pipelinev2.backtest.market;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A one- or two-dimensional array of numbers from a NumPy {@code .npy} file (format versions 1, 2 and 3).
 *
 * <p>Little-endian float64 and float32 in C or Fortran order are read; the values are always held as doubles in C (row
 * by row) order, and {@link #widened()} tells that they were float32 in the file. Everything else is refused in words.
 * Nothing in a file can make the reader allocate more than the file's own length: the length must be exactly what the
 * shape needs, and that is checked first.
 */
public final class NpyArray {

    /** Larger files are refused: a year of minute bars of a hundred assets with their features is about 600 MB. */
    static final long MAX_FILE_BYTES = 1L << 30;

    static final int MAX_HEADER_BYTES = 64 * 1024;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int CHUNK_BYTES = 1 << 16;
    private static final String INTEGERS = "<i8";
    private static final long MAX_EXACT = 1L << 53;

    private final int rows;
    private final int columns;
    private final int dimensions;
    private final boolean widened;
    private final double[] values;

    private NpyArray(int rows, int columns, int dimensions, boolean widened, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.dimensions = dimensions;
        this.widened = widened;
        this.values = values;
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when it was read and is not a supported array
     */
    public static NpyArray read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Reader(channel, path.toString(), false).read();
        }
    }

    /** As {@link #read}, but takes int64 values too; those beyond 2^53, which a double cannot hold exactly, are refused. */
    static NpyArray readNumbersOrIntegers(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Reader(channel, path.toString(), true).read();
        }
    }

    /** Length of the first dimension. */
    public int rows() {
        return rows;
    }

    /** Length of the second dimension; 1 for a one-dimensional array. */
    public int columns() {
        return columns;
    }

    /** 1 or 2. */
    public int dimensions() {
        return dimensions;
    }

    /** Whether the file held float32 values, which were widened to double. */
    public boolean widened() {
        return widened;
    }

    /** The value at {@code row} and {@code column}, both from 0. */
    public double get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("no element (" + row + ", " + column + ") in a " + shape() + " array");
        }
        return values[row * columns + column];
    }

    /** A copy of all values, row by row. */
    public double[] toArray() {
        return values.clone();
    }

    /** The array itself, for {@link MarketData}, which never gives it away. */
    double[] values() {
        return values;
    }

    String shape() {
        return dimensions == 1 ? "(" + rows + ",)" : "(" + rows + ", " + columns + ")";
    }

    /** How the numbers lie in an open file. */
    static NpyLayout layout(FileChannel channel, String file) throws IOException {
        return new Reader(channel, file, false).layout();
    }

    /** One pass over an open file. */
    private static final class Reader {

        private final FileChannel channel;
        private final String file;
        private final boolean integersToo;

        Reader(FileChannel channel, String file, boolean integersToo) {
            this.channel = channel;
            this.file = file;
            this.integersToo = integersToo;
        }

        NpyArray read() throws IOException {
            return body(layout());
        }

        /** Reads the header, and checks that the file is exactly as long as it says. */
        NpyLayout layout() throws IOException {
            long size = channel.size();
            if (size > MAX_FILE_BYTES) {
                throw new MalformedMarketDataException(file + " is " + size + " bytes long, more than the limit of "
                        + MAX_FILE_BYTES + ". Save a shorter range of bars.");
            }
            if (size < 10) {
                throw notNpy("it is only " + size + " bytes long");
            }
            ByteBuffer prefix = bytes(8);
            for (byte expected : MAGIC) {
                if (prefix.get() != expected) {
                    throw notNpy("it does not begin with \\x93NUMPY");
                }
            }
            int major = prefix.get() & 0xff;
            int minor = prefix.get() & 0xff;
            if (major < 1 || major > 3 || minor != 0) {
                throw new MalformedMarketDataException(file + " is .npy format version " + major + "." + minor
                        + ", but 1.0, 2.0 and 3.0 are known. Save it again with np.save.");
            }
            NpyHeader header = header(major, size);
            return layout(header, size);
        }

        private NpyHeader header(int major, long size) throws IOException {
            long length;
            if (major == 1) {
                length = bytes(2).getShort() & 0xffffL;
            } else if (size < 12) {
                throw notNpy("it ends within its header");
            } else {
                length = bytes(4).getInt() & 0xffffffffL;
            }
            if (length > MAX_HEADER_BYTES) {
                throw new MalformedMarketDataException(file + " claims a header of " + length
                        + " bytes, more than the limit of " + MAX_HEADER_BYTES + ". Save it again with np.save.");
            }
            if (channel.position() + length > size) {
                throw notNpy("it ends within its header");
            }
            ByteBuffer text = bytes((int) length);
            String literal = (major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
                    .decode(text)
                    .toString();
            return NpyHeader.parse(literal, file);
        }

        private NpyLayout layout(NpyHeader header, long size) throws IOException {
            int width = elementWidth(header.descr());
            List<Long> shape = header.shape();
            if (shape.isEmpty() || shape.size() > 2) {
                throw new MalformedMarketDataException(file + " has " + shape.size() + " dimensions " + shape
                        + ", but one (a series) or two (bars x columns) are needed. Reshape it and save it again.");
            }
            long rows = shape.get(0);
            long columns = shape.size() == 2 ? shape.get(1) : 1;
            long available = size - channel.position();
            long needed;
            try {
                needed = Math.multiplyExact(Math.multiplyExact(rows, columns), width);
            } catch (ArithmeticException overflow) {
                throw new MalformedMarketDataException(file + " claims a shape of " + shape
                        + ", which no file can hold. Copy it again from where it was made.");
            }
            if (needed != available) {
                throw new MalformedMarketDataException(file + " must hold " + needed + " bytes of values for shape "
                        + shape + " of " + header.descr() + ", but holds " + available
                        + (available < needed ? ": it was cut short." : ": something was appended.")
                        + " Copy it again from where it was made.");
            }
            if (rows > Integer.MAX_VALUE || columns > Integer.MAX_VALUE) {
                throw new MalformedMarketDataException(file + " claims a shape of " + shape
                        + ", but a dimension may be at most " + Integer.MAX_VALUE + ".");
            }
            return new NpyLayout(
                    header.descr(),
                    header.fortranOrder() && shape.size() == 2,
                    (int) rows,
                    (int) columns,
                    shape.size(),
                    width,
                    channel.position());
        }

        private NpyArray body(NpyLayout layout) throws IOException {
            double[] values = values(
                    layout.rows() * layout.columns(),
                    layout.width(),
                    layout.descr().equals(INTEGERS));
            if (layout.fortranOrder()) {
                values = transposed(values, layout.rows(), layout.columns());
            }
            return new NpyArray(layout.rows(), layout.columns(), layout.dimensions(), layout.width() == 4, values);
        }

        private int elementWidth(String descr) {
            switch (descr) {
                case "<f8":
                    return 8;
                case "<f4":
                    return 4;
                case INTEGERS:
                    if (integersToo) {
                        return 8;
                    }
                    throw otherType(descr, "values of another type");
                default:
                    String what;
                    if (descr.startsWith(">")) {
                        what = "big-endian numbers";
                    } else if (descr.startsWith("|O") || descr.equals("O")) {
                        what = "pickled Python objects, which are never loaded";
                    } else {
                        what = "values of another type";
                    }
                    throw otherType(descr, what);
            }
        }

        private MalformedMarketDataException otherType(String descr, String what) {
            return new MalformedMarketDataException(file + " holds " + what + " (descr '" + descr
                    + "'), but '<f8' is needed ('<f4' is widened). Save it again with"
                    + " np.save(path, array.astype('<f8')).");
        }

        private double[] values(int count, int width, boolean integers) throws IOException {
            double[] values = new double[count];
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < count; ) {
                int now = Math.min(count - at, CHUNK_BYTES / width);
                fill(chunk, now * width);
                if (integers) {
                    for (int i = 0; i < now; i++) {
                        values[at++] = exact(chunk.getLong(i * 8));
                    }
                } else if (width == 8) {
                    chunk.asDoubleBuffer().get(values, at, now);
                    at += now;
                } else {
                    for (int i = 0; i < now; i++) {
                        values[at++] = chunk.getFloat(i * 4);
                    }
                }
            }
            return values;
        }

        private double exact(long value) {
            if (value < -MAX_EXACT || value > MAX_EXACT) {
                throw new MalformedMarketDataException(file + " holds " + value
                        + ", which a double cannot hold exactly. Times are Unix seconds; save it again with those.");
            }
            return value;
        }

        private static double[] transposed(double[] byColumn, int rows, int columns) {
            double[] byRow = new double[byColumn.length];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    byRow[row * columns + column] = byColumn[column * rows + row];
                }
            }
            return byRow;
        }

        private ByteBuffer bytes(int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            fill(buffer, count);
            return buffer;
        }

        private void fill(ByteBuffer buffer, int count) throws IOException {
            buffer.clear().limit(count);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException(file + " became shorter while it was read. Is it being written?");
                }
            }
            buffer.flip();
        }

        private MalformedMarketDataException notNpy(String why) {
            return new MalformedMarketDataException(file + " is not an .npy file: " + why
                    + ". Write it with np.save; pickles (such as training's price_array without an extension) are never"
                    + " loaded.");
        }
    }
}
