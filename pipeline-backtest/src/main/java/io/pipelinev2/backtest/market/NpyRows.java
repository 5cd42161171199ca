package io.pipelinev2.backtest.market;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A two-dimensional array in an {@code .npy} file, read a few rows at a time: memory does not depend on its length. The
 * file is read and not mapped, because a mapped file that is cut short takes the process with it.
 */
final class NpyRows implements AutoCloseable {

    private static final int BLOCK = 64;

    private final Path file;
    private final FileChannel channel;
    private final NpyLayout layout;
    private final double[] block;
    private final ByteBuffer bytes;
    private int first;
    private int held;

    private NpyRows(Path file, FileChannel channel, NpyLayout layout) {
        this.file = file;
        this.channel = channel;
        this.layout = layout;
        this.block = new double[BLOCK * layout.columns()];
        this.bytes =
                ByteBuffer.allocate(BLOCK * layout.columns() * layout.width()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when it is not a two-dimensional array of float64 or float32
     */
    static NpyRows open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            NpyLayout layout = NpyArray.layout(channel, file.toString());
            if (layout.dimensions() != 2) {
                throw new MalformedMarketDataException(file + " has shape " + layout.shape()
                        + ", but bars x columns are needed. Reshape it and save it again.");
            }
            return new NpyRows(file, channel, layout);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    int rows() {
        return layout.rows();
    }

    int columns() {
        return layout.columns();
    }

    /** Whether the file holds float32 values, which are widened. */
    boolean widened() {
        return layout.width() == Float.BYTES;
    }

    double[] row(int row) throws IOException {
        if (row < 0 || row >= rows()) {
            throw new IndexOutOfBoundsException("no row " + row + " of " + rows() + " in " + file);
        }
        if (row < first || row >= first + held) {
            load(row - row % BLOCK);
        }
        double[] values = new double[columns()];
        System.arraycopy(block, (row - first) * columns(), values, 0, columns());
        return values;
    }

    private void load(int from) throws IOException {
        int count = Math.min(BLOCK, rows() - from);
        held = 0;
        if (layout.fortranOrder()) {
            for (int column = 0; column < columns(); column++) {
                read((long) column * rows() + from, count);
                for (int i = 0; i < count; i++) {
                    block[i * columns() + column] = value(i);
                }
            }
        } else {
            read((long) from * columns(), count * columns());
            for (int i = 0; i < count * columns(); i++) {
                block[i] = value(i);
            }
        }
        first = from;
        held = count;
    }

    private void read(long element, int count) throws IOException {
        bytes.clear().limit(count * layout.width());
        long at = layout.begin() + element * layout.width();
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                throw new EOFException(file + " became shorter while it was read. Is it being written?");
            }
            at += read;
        }
    }

    private double value(int index) {
        return layout.width() == Double.BYTES ? bytes.getDouble(index * 8) : bytes.getFloat(index * 4);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
