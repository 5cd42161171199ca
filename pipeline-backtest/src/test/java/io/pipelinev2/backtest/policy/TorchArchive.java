package io.pipelinev2.backtest.policy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as torch.save does, right and wrong ones. */
final class TorchArchive {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private int storages;
    private boolean deflated;

    TorchArchive() {
        pickle.write(0x80);
        pickle.write(2);
        global("collections", "OrderedDict");
        pickle.writeBytes(new byte[] {')', 'R', '('});
    }

    /** A small actor: 5 inputs, width 3, 2 actions. */
    static TorchArchive small() {
        return new TorchArchive()
                .tensor("net.0.weight", 3, 5)
                .tensor("net.0.bias", 3)
                .tensor("net.2.weight", 3, 3)
                .tensor("net.2.bias", 3)
                .tensor("net.4.weight", 2, 3)
                .tensor("net.4.bias", 2);
    }

    TorchArchive tensor(String key, int... shape) {
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 0.01f * (i + 1);
        }
        return tensor(key, "FloatStorage", values, 0, shape, strides(shape));
    }

    TorchArchive tensor(String key, String type, float[] values, int offset, int[] shape, int[] strides) {
        text(key);
        global("torch._utils", "_rebuild_tensor_v2");
        op('(').op('(');
        text("storage");
        global("torch", type);
        text(Integer.toString(storages));
        text("cuda:0");
        number(values.length).op('t').op('Q');
        number(offset);
        tuple(shape);
        tuple(strides);
        pickle.write(0x89);
        global("collections", "OrderedDict");
        pickle.writeBytes(new byte[] {')', 'R', 't', 'R'});
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        entries.put("data/" + storages++, bytes.array());
        return this;
    }

    TorchArchive entry(String name, String content) {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TorchArchive without(String name) {
        entries.remove(name);
        return this;
    }

    TorchArchive deflated() {
        deflated = true;
        return this;
    }

    byte[] bytes() {
        pickle.writeBytes(new byte[] {'u', '.'});
        return bytes(pickle.toByteArray());
    }

    /** With another pickle in place of the state_dict. */
    byte[] bytes(byte[] otherPickle) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("data.pkl", otherPickle);
        all.putAll(entries);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                ZipEntry header = new ZipEntry("any root/" + entry.getKey());
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    header.setMethod(ZipEntry.STORED);
                    header.setSize(entry.getValue().length);
                    header.setCrc(crc.getValue());
                }
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    static int[] strides(int... shape) {
        return shape.length == 1 ? new int[] {1} : new int[] {shape[1], 1};
    }

    private void global(String module, String name) {
        pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pickle.writeBytes(ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'X')
                .putInt(bytes.length)
                .array());
        pickle.writeBytes(bytes);
    }

    private TorchArchive number(int number) {
        pickle.writeBytes(ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'J')
                .putInt(number)
                .array());
        return this;
    }

    private void tuple(int[] numbers) {
        op('(');
        for (int number : numbers) {
            number(number);
        }
        op('t');
    }

    private TorchArchive op(char opcode) {
        pickle.write(opcode);
        return this;
    }
}
