package io.pipelinev2.backtest.policy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive in memory, read through its central directory.
 *
 * <p>Why not {@link java.util.zip.ZipFile}: it reads from a path, and the bytes that are parsed must be the very bytes
 * that are hashed and archived. {@link java.util.zip.ZipInputStream} cannot read what torch writes (stored entries with
 * data descriptors). The archive is taken to be hostile: every offset is checked, entries may not overlap in sum, and
 * inflating is bounded.
 */
final class ZipArchive {

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int MAX_ENTRIES = 4096;
    private static final int MAX_NAME_BYTES = 512;
    /** Torch stores; weights that somebody packed again shrink by a tenth. More than this is a bomb. */
    private static final long MAX_RATIO = 4;

    private static final long RATIO_ALLOWANCE = 64 << 10;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final ByteBuffer bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(int method, long crc, int packed, int size, int localHeader) {}

    /** @throws CheckpointException when the directory is damaged; the message is for {@link ActorCheckpoint} to complete */
    ZipArchive(byte[] content) {
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try {
            readDirectory();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException outside) {
            throw damaged("its directory points outside of the file");
        }
    }

    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Bytes of an entry, or -1 when there is none of that name. */
    long size(String name) {
        @Nullable Entry entry = entries.get(name);
        return entry == null ? -1 : entry.size();
    }

    /** The content of an entry that exists, with its checksum verified. */
    ByteBuffer content(String name) {
        @Nullable Entry entry = entries.get(name);
        if (entry == null) {
            throw damaged("it has no entry " + name);
        }
        ByteBuffer content;
        try {
            content = entry.method() == STORED ? packed(name, entry) : inflated(name, packed(name, entry), entry);
        } catch (IndexOutOfBoundsException | IllegalArgumentException outside) {
            throw damaged("the entry " + name + " lies outside of the file");
        }
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        if (crc.getValue() != entry.crc()) {
            throw damaged("the checksum of the entry " + name + " does not match its content");
        }
        return content.order(ByteOrder.LITTLE_ENDIAN);
    }

    private void readDirectory() {
        int end = findEnd();
        long count = bytes.getShort(end + 10) & 0xffffL;
        long offset = bytes.getInt(end + 16) & 0xffffffffL;
        int locator = end - 20;
        if (locator >= 0 && bytes.getInt(locator) == END64_LOCATOR_SIGNATURE) {
            int end64 = position(bytes.getLong(locator + 8));
            if (bytes.getInt(end64) != END64_SIGNATURE) {
                throw damaged("its zip64 directory is missing");
            }
            count = bytes.getLong(end64 + 32);
            offset = bytes.getLong(end64 + 48);
        }
        if (count < 0 || count > MAX_ENTRIES) {
            throw damaged("it claims " + count + " entries, more than the limit of " + MAX_ENTRIES);
        }
        int at = position(offset);
        for (int i = 0; i < count; i++) {
            at = readEntry(at);
        }
        long packedInAll = 0;
        long sizeInAll = 0;
        for (Entry entry : entries.values()) {
            packedInAll += entry.packed();
            sizeInAll += entry.size();
        }
        if (sizeInAll > ModelFile.MAX_BYTES) {
            throw damaged(
                    "its entries unpack to " + sizeInAll + " bytes, more than the limit of " + ModelFile.MAX_BYTES);
        }
        if (packedInAll > bytes.capacity()) {
            throw damaged("its entries claim more bytes than the file has");
        }
    }

    private int findEnd() {
        int lowest = Math.max(0, bytes.capacity() - END_BYTES - MAX_COMMENT_BYTES);
        for (int at = bytes.capacity() - END_BYTES; at >= lowest; at--) {
            if (bytes.getInt(at) == END_SIGNATURE
                    && at + END_BYTES + (bytes.getShort(at + 20) & 0xffff) == bytes.capacity()) {
                return at;
            }
        }
        throw damaged("it has no zip directory at its end, so it was cut short");
    }

    private int readEntry(int at) {
        if (bytes.getInt(at) != ENTRY_SIGNATURE) {
            throw damaged("its directory has a hole");
        }
        int flags = bytes.getShort(at + 8) & 0xffff;
        int method = bytes.getShort(at + 10) & 0xffff;
        long crc = bytes.getInt(at + 16) & 0xffffffffL;
        long packed = bytes.getInt(at + 20) & 0xffffffffL;
        long size = bytes.getInt(at + 24) & 0xffffffffL;
        int nameLength = bytes.getShort(at + 28) & 0xffff;
        int extraLength = bytes.getShort(at + 30) & 0xffff;
        int commentLength = bytes.getShort(at + 32) & 0xffff;
        long localHeader = bytes.getInt(at + 42) & 0xffffffffL;
        if (nameLength > MAX_NAME_BYTES) {
            throw damaged("an entry has a name of " + nameLength + " bytes, more than the limit of " + MAX_NAME_BYTES);
        }
        byte[] name = new byte[nameLength];
        bytes.get(at + 46, name);
        int extra = at + 46 + nameLength;
        int extraEnd = extra + extraLength;
        while (extra + 4 <= extraEnd) {
            int id = bytes.getShort(extra) & 0xffff;
            int length = bytes.getShort(extra + 2) & 0xffff;
            if (id == 1) {
                int field = extra + 4;
                if (size == 0xffffffffL) {
                    size = bytes.getLong(field);
                    field += 8;
                }
                if (packed == 0xffffffffL) {
                    packed = bytes.getLong(field);
                    field += 8;
                }
                if (localHeader == 0xffffffffL) {
                    localHeader = bytes.getLong(field);
                }
            }
            extra += 4 + length;
        }
        String entryName = new String(name, StandardCharsets.UTF_8);
        if ((flags & 1) != 0) {
            throw damaged("the entry " + entryName + " is encrypted");
        }
        if (method != STORED && method != DEFLATED) {
            throw damaged("the entry " + entryName + " is packed with the unknown method " + method);
        }
        if (packed < 0 || packed > bytes.capacity() || size < 0 || size > Integer.MAX_VALUE) {
            throw damaged("the entry " + entryName + " claims impossible sizes");
        }
        if (method == STORED ? size != packed : size > RATIO_ALLOWANCE + packed * MAX_RATIO) {
            throw damaged("the entry " + entryName + " claims " + size + " bytes out of " + packed);
        }
        Entry entry = new Entry(method, crc, (int) packed, (int) size, position(localHeader));
        if (entries.put(entryName, entry) != null) {
            throw damaged("the entry " + entryName + " appears twice");
        }
        return extraEnd + commentLength;
    }

    private ByteBuffer packed(String name, Entry entry) {
        int header = entry.localHeader();
        if (bytes.getInt(header) != LOCAL_SIGNATURE) {
            throw damaged("the entry " + name + " has no header");
        }
        int start = header + 30 + (bytes.getShort(header + 26) & 0xffff) + (bytes.getShort(header + 28) & 0xffff);
        return bytes.slice(start, entry.packed());
    }

    private ByteBuffer inflated(String name, ByteBuffer packed, Entry entry) {
        byte[] content = new byte[entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            int at = 0;
            while (at < content.length) {
                int now = inflater.inflate(content, at, content.length - at);
                if (now == 0) {
                    throw damaged("the entry " + name + " ends too early");
                }
                at += now;
            }
            return ByteBuffer.wrap(content);
        } catch (DataFormatException notDeflated) {
            throw damaged("the entry " + name + " cannot be inflated");
        } finally {
            inflater.end();
        }
    }

    private int position(long offset) {
        if (offset < 0 || offset > bytes.capacity()) {
            throw damaged("its directory points outside of the file");
        }
        return (int) offset;
    }

    private static CheckpointException damaged(String what) {
        return new CheckpointException(what + ". Copy the file again from where it was made");
    }
}
