package io.pipelinev2.deploy.papertrading.ledger;

import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A line as it stands in the file, without its line feed. Number, kind and checksum have fixed places, so that a ledger of
 * a hundred thousand lines is checked without parsing it:
 *
 * <pre>{@code {"seq":17,"kind":"bar","at":"2026-01-01T00:00:00Z",...,"crc":"9ae0daaf"}}</pre>
 *
 * The checksum is CRC-32C over all bytes before its comma.
 *
 * @param offset where it begins in the file
 * @param bytes what it holds
 * @param terminated whether a line feed follows
 */
record RawLine(long offset, byte[] bytes, boolean terminated) {

    private static final byte[] SEQUENCE = ascii("{\"seq\":");
    private static final byte[] KIND = ascii(",\"kind\":\"");
    private static final byte[] CHECKSUM = ascii(",\"crc\":\"");
    private static final int DIGITS = 8;
    private static final int TRAILER = CHECKSUM.length + DIGITS + 2;

    static byte[] encode(LedgerLine line) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("seq", line.seq());
        values.put("kind", line.kind());
        values.put("at", line.at().toString());
        values.putAll(line.fields());
        byte[] json = JsonFile.line(values);
        int checked = json.length - 1;
        byte[] trailer = ascii(",\"crc\":\"%08x\"}\n".formatted(checksum(json, checked)));
        byte[] whole = new byte[checked + trailer.length];
        System.arraycopy(json, 0, whole, 0, checked);
        System.arraycopy(trailer, 0, whole, checked, trailer.length);
        return whole;
    }

    /** Whether it is complete and its checksum is right. */
    boolean isWhole() {
        int checked = bytes.length - TRAILER;
        if (!terminated || checked <= SEQUENCE.length || !at(checked, CHECKSUM) || sequence() < 1) {
            return false;
        }
        String written = new String(bytes, checked + CHECKSUM.length, DIGITS + 2, StandardCharsets.ISO_8859_1);
        return written.equals("%08x\"}".formatted(checksum(bytes, checked)));
    }

    /** Its number, or -1 if it does not begin as a line does. */
    long sequence() {
        if (!at(0, SEQUENCE)) {
            return -1;
        }
        long sequence = 0;
        for (int i = SEQUENCE.length; i < bytes.length && i < SEQUENCE.length + 18; i++) {
            if (bytes[i] == ',') {
                return sequence;
            }
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            sequence = sequence * 10 + bytes[i] - '0';
        }
        return -1;
    }

    boolean isOf(String kind) {
        int from = SEQUENCE.length;
        while (from < bytes.length && bytes[from] != ',') {
            from++;
        }
        return at(from, KIND) && at(from + KIND.length, ascii(kind + "\""));
    }

    /** @throws DamagedLedgerException if it is whole, but not what a trader writes */
    LedgerLine parse() {
        try {
            Map<String, @Nullable Object> values = new LinkedHashMap<>(JsonFile.parse("a line", bytes));
            Object sequence = values.remove("seq");
            Object kind = values.remove("kind");
            Object at = values.remove("at");
            values.remove("crc");
            if (sequence instanceof Number number && kind instanceof String word && at instanceof String time) {
                return new LedgerLine(number.longValue(), word, Instant.parse(time), values);
            }
        } catch (MalformedException | DateTimeException e) {
            // said below
        }
        throw new DamagedLedgerException("line " + sequence() + " has a checksum that is right, but makes no sense");
    }

    private boolean at(int from, byte[] expected) {
        if (from < 0 || from + expected.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
