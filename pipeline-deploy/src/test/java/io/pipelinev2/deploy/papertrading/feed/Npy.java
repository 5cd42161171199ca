package io.pipelinev2.deploy.papertrading.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes arrays as NumPy does. */
public final class Npy {

    private Npy() {}

    public static byte[] bytes(double[][] rows) {
        byte[] header = ("{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows.length + ", " + rows[0].length
                        + "), }\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length + rows.length * rows[0].length * 8)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 1).put((byte) 0).putShort((short) header.length).put(header);
        for (double[] row : rows) {
            for (double value : row) {
                bytes.putDouble(value);
            }
        }
        return bytes.array();
    }

    public static byte[] times(long[] seconds) {
        double[][] rows = new double[seconds.length][1];
        for (int i = 0; i < seconds.length; i++) {
            rows[i][0] = seconds[i];
        }
        return bytes(rows);
    }

    public static void replace(Path file, byte[] bytes) throws Exception {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(draft, bytes);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
