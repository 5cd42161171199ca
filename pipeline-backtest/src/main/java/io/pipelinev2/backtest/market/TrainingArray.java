package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file with the prices that models were trained on, searched byte by byte for the prices of some bars. Neither an array
 * nor a pickle is loaded: both hold the plain little-endian numbers one after the other, and only those are compared.
 *
 * <p>Looked for are rows (assets of one bar side by side, C order) and columns (one asset's successive bars, Fortran
 * order), as float64 and float32. The file is read once, in pieces.
 */
final class TrainingArray {

    private static final int MAX_PROBES = 32;

    /** Values in a probe, at least: three or four equal prices of a stable coin may be chance. */
    private static final int MIN_VALUES = 8;

    private static final int CHUNK_BYTES = 1 << 16;

    /** Where a pickle describes its array, before or after the numbers. */
    private static final int DESCRIPTION_BYTES = 4096;

    private static final byte[] NPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private TrainingArray() {}

    /**
     * What came of a search.
     *
     * @param probed how many bars were looked for
     * @param found how many of them are in the file
     * @param firstFound row of the first of these, -1 if none
     * @param conclusive whether the file is one in which they would have been found had they been there
     */
    record Search(int probed, int found, int firstFound, boolean conclusive) {}

    static Search search(Path file, MarketData market) throws IOException {
        List<Probe> probes = probes(market);
        if (probes.isEmpty()) {
            return new Search(0, 0, -1, false);
        }
        BitSet found = new BitSet();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            scan(channel, probes, found);
            int probed = (int) probes.stream().mapToInt(Probe::row).distinct().count();
            return new Search(probed, found.cardinality(), found.nextSetBit(0), isPlain(channel, market.assets()));
        }
    }

    /** One bar's prices in one of the ways they may be stored. */
    private record Probe(int row, byte[] bytes) {

        long key() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }

    private static List<Probe> probes(MarketData market) {
        int barsInRow = (MIN_VALUES + market.assets() - 1) / market.assets();
        int bars = Math.max(barsInRow, MIN_VALUES);
        int last = market.rows() - bars;
        List<Probe> probes = new ArrayList<>();
        if (last < 0) {
            return probes;
        }
        int count = Math.min(MAX_PROBES, last + 1);
        for (int i = 0; i < count; i++) {
            int row = count == 1 ? 0 : (int) ((long) last * i / (count - 1));
            double[] across = new double[barsInRow * market.assets()];
            Arrays.setAll(across, k -> market.price(row + k / market.assets(), k % market.assets()));
            add(probes, row, across);
            if (market.assets() > 1) {
                double[] down = new double[MIN_VALUES];
                Arrays.setAll(down, k -> market.price(row + k, 0));
                add(probes, row, down);
            }
        }
        return probes;
    }

    private static void add(List<Probe> probes, int row, double[] values) {
        // A price that stands still is found in any market that stood still at it.
        if (Arrays.stream(values).distinct().count() < 2) {
            return;
        }
        ByteBuffer wide = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer narrow = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            wide.putDouble(value);
            narrow.putFloat((float) value);
        }
        probes.add(new Probe(row, wide.array()));
        probes.add(new Probe(row, narrow.array()));
    }

    private static void scan(FileChannel channel, List<Probe> probes, BitSet found) throws IOException {
        Map<Long, List<Probe>> byKey = new HashMap<>();
        BitSet hashes = new BitSet(1 << 16);
        int longest = 0;
        for (Probe probe : probes) {
            byKey.computeIfAbsent(probe.key(), key -> new ArrayList<>()).add(probe);
            hashes.set(hash(probe.key()));
            longest = Math.max(longest, probe.bytes().length);
        }
        ByteBuffer window = ByteBuffer.allocate(CHUNK_BYTES + longest).order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = window.array();
        boolean more = true;
        while (more) {
            while (window.hasRemaining() && more) {
                more = channel.read(window) >= 0;
            }
            int filled = window.position();
            // What begins in the last stretch may not be there as a whole; it is the beginning of the next window.
            int end = more ? filled - longest : filled - Long.BYTES;
            int at = 0;
            for (; at <= end; at++) {
                long key = window.getLong(at);
                if (hashes.get(hash(key))) {
                    for (Probe probe : byKey.getOrDefault(key, List.of())) {
                        int to = at + probe.bytes().length;
                        if (to <= filled && Arrays.equals(bytes, at, to, probe.bytes(), 0, probe.bytes().length)) {
                            found.set(probe.row());
                        }
                    }
                }
            }
            window.position(Math.min(at, filled)).limit(filled);
            window.compact();
        }
    }

    private static int hash(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 48);
    }

    /**
     * Whether the file says that it holds plain numbers with as many columns as there are assets. Pickles before protocol 3
     * write bytes as escaped text, other arrays have other neighbours, and compressed files hold neither.
     */
    private static boolean isPlain(FileChannel channel, int assets) throws IOException {
        byte[] head = read(channel, 0);
        if (head.length < 16) {
            return false;
        }
        String begin = new String(head, StandardCharsets.ISO_8859_1);
        if (Arrays.equals(head, 0, NPY.length, NPY, 0, NPY.length)) {
            int line = begin.indexOf('\n');
            String header = line < 0 ? "" : begin.substring(0, line);
            return (header.contains("'<f8'") || header.contains("'<f4'"))
                    && header.matches("(?s).*'shape': \\(\\d+, " + assets + "\\).*");
        }
        if ((head[0] & 0xff) != 0x80 || head[1] < 3 || head[1] > 5 || assets > 255) {
            return false;
        }
        String description = begin
                + new String(
                        read(channel, Math.max(0, channel.size() - DESCRIPTION_BYTES)), StandardCharsets.ISO_8859_1);
        // A shape (bars, assets): the number of assets as BININT1, then TUPLE2.
        return description.contains("numpy")
                && (description.contains("f8") || description.contains("f4"))
                && description.contains("K" + (char) assets + (char) 0x86);
    }

    private static byte[] read(FileChannel channel, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(DESCRIPTION_BYTES);
        long at = from;
        int read = channel.read(buffer, at);
        while (read > 0 && buffer.hasRemaining()) {
            at += read;
            read = channel.read(buffer, at);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}
