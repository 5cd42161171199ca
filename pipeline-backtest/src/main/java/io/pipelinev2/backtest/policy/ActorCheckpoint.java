package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.PickleValue.Dict;
import io.pipelinev2.backtest.policy.PickleValue.Tensor;
import io.pipelinev2.core.stage.ModelArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an actor as PyTorch saved them: the state_dict of three linear layers, read out of the zip archive that
 * {@code torch.save} writes. Nothing in the file is executed; whatever it asks for beyond plain float32 tensors is
 * refused with a {@link CheckpointException} that says what it was.
 *
 * <p>The file is read once. What is parsed, what is hashed and what {@link #bytes()} returns for archiving are the same
 * bytes.
 */
public final class ActorCheckpoint implements ActorModel {

    /** The name of such a file in a model directory. */
    public static final String FILE_NAME = "actor.pth";

    private static final int MAX_NEURONS = 65_536;
    private static final int MAX_STATE = 1 << 22;

    private final String name;
    private final byte[] bytes;
    private final String sha256;
    private final Linear first;
    private final Linear second;
    private final Linear last;

    /** One layer: {@code y = W x + b}. */
    record Linear(Values weights, Values bias) {

        int inputs() {
            return weights.columns();
        }

        int outputs() {
            return weights.rows();
        }

        float weight(int output, int input) {
            return weights.get(output, input);
        }

        float bias(int output) {
            return bias.get(0, output);
        }

        float[] biases() {
            float[] biases = new float[outputs()];
            for (int output = 0; output < biases.length; output++) {
                biases[output] = bias(output);
            }
            return biases;
        }

        boolean sameAs(Linear other) {
            return weights.sameAs(other.weights) && bias.sameAs(other.bias);
        }
    }

    /** A tensor of one or two dimensions where it lies in the archive, so that weights are not held twice. */
    record Values(ByteBuffer numbers, int offset, int rowStride, int columnStride, int rows, int columns) {

        float get(int row, int column) {
            return numbers.getFloat((offset + row * rowStride + column * columnStride) * Float.BYTES);
        }

        boolean sameAs(Values other) {
            if (rows != other.rows || columns != other.columns) {
                return false;
            }
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    if (Float.compare(get(row, column), other.get(row, column)) != 0) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private ActorCheckpoint(String name, byte[] bytes, Linear first, Linear second, Linear last) {
        this.name = name;
        this.bytes = bytes;
        this.sha256 = ModelArchive.sha256(bytes);
        this.first = first;
        this.second = second;
        this.last = last;
    }

    /**
     * Reads a checkpoint file.
     *
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws CheckpointException when it was read and is not an actor that can be played
     */
    public static ActorCheckpoint read(Path file) throws IOException {
        return parse(ModelFile.read(file), file.toString());
    }

    /**
     * Parses a checkpoint in memory. The array is kept and must not be changed afterwards.
     *
     * @param name what errors call it, usually its path
     * @throws CheckpointException when it is not an actor that can be played
     */
    public static ActorCheckpoint parse(byte[] bytes, String name) {
        try {
            return parse(bytes, name, new Weights(archive(bytes)));
        } catch (CheckpointException refused) {
            throw new CheckpointException("The model " + name + " cannot be used: " + refused.getMessage() + ".");
        }
    }

    private static ActorCheckpoint parse(byte[] bytes, String name, Weights weights) {
        Linear first = weights.linear("net.0", MAX_STATE, MAX_NEURONS);
        Linear second = weights.linear("net.2", MAX_NEURONS, MAX_NEURONS);
        Linear last = weights.linear("net.4", MAX_NEURONS, MAX_NEURONS);
        requireChained("net.0", first, "net.2", second);
        requireChained("net.2", second, "net.4", last);
        return new ActorCheckpoint(name, bytes, first, second, last);
    }

    private static ZipArchive archive(byte[] bytes) {
        if (bytes.length > ModelFile.MAX_BYTES) {
            throw new CheckpointException("it is longer than the limit of " + ModelFile.MAX_BYTES + " bytes");
        }
        if (bytes.length == 0) {
            throw new CheckpointException("it is empty. Copy the file again from where it was made");
        }
        if (bytes.length >= 2 && (bytes[0] & 0xff) == 0x80) {
            throw new CheckpointException("it is a bare pickle, the format of torch before 1.6, whose loading would run"
                    + " code; refused. Save it again with torch.save(actor.state_dict(), path)");
        }
        if (bytes.length < 4 || bytes[0] != 'P' || bytes[1] != 'K') {
            throw new CheckpointException("it is not a zip archive, which torch.save writes. Save it with"
                    + " torch.save(actor.state_dict(), path), or copy it again from where it was made");
        }
        return new ZipArchive(bytes);
    }

    private static void requireChained(String one, Linear from, String other, Linear to) {
        if (to.inputs() != from.outputs()) {
            throw new CheckpointException(other + ".weight takes " + to.inputs() + " inputs, but " + one + " has "
                    + from.outputs() + " outputs; the layers must follow each other");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int stateDimension() {
        return first.inputs();
    }

    /** Width of the first hidden layer. */
    public int width() {
        return first.outputs();
    }

    @Override
    public int actions() {
        return last.outputs();
    }

    @Override
    public String fileName() {
        return FILE_NAME;
    }

    @Override
    public OptionalInt hiddenWidth() {
        return OptionalInt.of(width());
    }

    /** The forward pass in Java. */
    @Override
    public Policy newPolicy() {
        return new ActorNetwork(this);
    }

    /** Whether another checkpoint has the same weights, whatever its bytes: archives differ in names and padding. */
    public boolean sameWeightsAs(ActorCheckpoint other) {
        return first.sameAs(other.first) && second.sameAs(other.second) && last.sameAs(other.last);
    }

    Linear first() {
        return first;
    }

    Linear second() {
        return second;
    }

    Linear last() {
        return last;
    }

    /** The tensors of a state_dict in its archive. */
    private static final class Weights {

        private final ZipArchive archive;
        private final String root;
        private final Dict state;

        Weights(ZipArchive archive) {
            this.archive = archive;
            this.root = root(archive);
            if (archive.names().contains(root + "constants.pkl")) {
                throw new CheckpointException(
                        "it is a TorchScript archive, which holds code. Save the weights alone with"
                                + " torch.save(actor.state_dict(), path)");
            }
            requireLittleEndian();
            this.state = PickleMachine.run(archive.content(root + "data.pkl"));
            refuseOtherKinds();
        }

        /** The folder that everything lies in: its name is that of the file which torch wrote first, so it varies. */
        private static String root(ZipArchive archive) {
            String found = null;
            for (String entry : archive.names()) {
                int slash = entry.indexOf('/');
                if (entry.substring(slash + 1).equals("data.pkl")) {
                    if (found != null) {
                        throw new CheckpointException("it has two data.pkl, and one is expected");
                    }
                    found = entry.substring(0, slash + 1);
                }
            }
            if (found == null) {
                throw new CheckpointException(
                        "it is a zip archive without a data.pkl, so not one of torch.save. Save it with"
                                + " torch.save(actor.state_dict(), path)");
            }
            return found;
        }

        private void requireLittleEndian() {
            String entry = root + "byteorder";
            if (archive.size(entry) < 0) {
                return;
            }
            String order = archive.size(entry) > 16
                    ? "too long"
                    : new String(remaining(archive.content(entry)), StandardCharsets.US_ASCII);
            if (!order.equals("little")) {
                throw new CheckpointException("its byte order is '" + printable(order)
                        + "', but little is needed. Save it on a little-endian machine");
            }
        }

        private void refuseOtherKinds() {
            Map<String, PickleValue> items = state.items();
            if (items.containsKey("param_groups")) {
                throw new CheckpointException("it is the state of an optimizer, as act_optim.pth and cri_optim.pth are."
                        + " Put the file that was saved as actor.pth there");
            }
            for (String key : items.keySet()) {
                if (key.startsWith("encoder.")) {
                    throw featureTransformer("it has " + printable(key));
                }
            }
            // The same without its encoder: its layers are counted from the ReLU that comes first.
            if (!items.containsKey("net.0.weight")
                    && items.containsKey("net.1.weight")
                    && items.containsKey("net.3.weight")) {
                throw featureTransformer("its layers are net.1 and net.3");
            }
        }

        private static CheckpointException featureTransformer(String sign) {
            return new CheckpointException("it is a feature-transformer actor (" + sign
                    + "), but a plain one of three linear layers is needed. Train without use_ft_encoder, or export it as"
                    + " actor.onnx");
        }

        Linear linear(String layer, int maxInputs, int maxOutputs) {
            Tensor weight = tensor(layer + ".weight", 2);
            Tensor bias = tensor(layer + ".bias", 1);
            int outputs = dimension(layer + ".weight", weight, 0, maxOutputs);
            int inputs = dimension(layer + ".weight", weight, 1, maxInputs);
            if (bias.shape().get(0) != outputs) {
                throw new CheckpointException(
                        layer + ".bias has " + bias.shape().get(0) + " values, but " + layer + ".weight has " + outputs
                                + " rows; they must be equal");
            }
            return new Linear(
                    values(layer + ".weight", weight, outputs, inputs), values(layer + ".bias", bias, 1, outputs));
        }

        private Tensor tensor(String key, int dimensions) {
            @Nullable PickleValue value = state.items().get(key);
            if (value == null) {
                throw new CheckpointException(
                        "it has no tensor " + key + "; an actor has net.0, net.2 and net.4, each with"
                                + " weight and bias. Is this another network's file?");
            }
            if (!(value instanceof Tensor tensor)) {
                throw new CheckpointException(key + " is not a tensor");
            }
            if (tensor.shape().size() != dimensions || tensor.strides().size() != dimensions) {
                throw new CheckpointException(key + " has shape " + tensor.shape() + ", but needs " + dimensions
                        + (dimensions == 1 ? " dimension" : " dimensions"));
            }
            if (!tensor.storage().type().equals("FloatStorage")) {
                throw new CheckpointException(
                        key + " is stored as " + printable(tensor.storage().type())
                                + ", but only FloatStorage (float32) is read. Save actor.float().state_dict()");
            }
            return tensor;
        }

        private static int dimension(String key, Tensor tensor, int index, int max) {
            long length = tensor.shape().get(index);
            if (length < 1 || length > max) {
                throw new CheckpointException(
                        key + " has shape " + tensor.shape() + "; dimension " + index + " must be 1 to " + max);
            }
            return (int) length;
        }

        private Values values(String key, Tensor tensor, int rows, int columns) {
            String entry = root + "data/" + tensor.storage().key();
            long elements = tensor.storage().elements();
            long size = archive.size(entry);
            if (size < 0) {
                throw new CheckpointException("the numbers of " + key + " (entry " + printable(entry) + ") are missing."
                        + " Copy the file again from where it was made");
            }
            if (elements > ModelFile.MAX_BYTES || size != elements * Float.BYTES) {
                throw new CheckpointException("the numbers of " + key + " are " + size + " bytes long, but " + elements
                        + " floats are claimed. Copy the file again from where it was made");
            }
            requireWithin(key, tensor, elements);
            List<Long> strides = tensor.strides();
            Values values = new Values(
                    archive.content(entry),
                    Math.toIntExact(tensor.offset()),
                    strides.size() == 1 ? 0 : Math.toIntExact(strides.get(0)),
                    Math.toIntExact(strides.get(strides.size() - 1)),
                    rows,
                    columns);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    float value = values.get(row, column);
                    if (!Float.isFinite(value)) {
                        throw new CheckpointException(key + " holds " + value + " at row " + row + ", column " + column
                                + "; weights must be finite. The training diverged; train it again");
                    }
                }
            }
            return values;
        }

        /** A tensor may be a view (sliced, transposed), but not reach outside of its storage nor multiply it. */
        private static void requireWithin(String key, Tensor tensor, long elements) {
            long count = 1;
            long last = tensor.offset();
            boolean possible = tensor.offset() >= 0 && tensor.offset() < elements;
            for (int i = 0; i < tensor.shape().size() && possible; i++) {
                long length = tensor.shape().get(i);
                long stride = tensor.strides().get(i);
                possible = length >= 1 && length <= elements && stride >= 0 && stride <= elements;
                if (possible) {
                    // Both factors are below 2^30, so neither product overflows.
                    count *= length;
                    last += (length - 1) * stride;
                    possible = count <= elements && last < elements;
                }
            }
            if (!possible) {
                throw new CheckpointException(key + " with shape " + tensor.shape() + ", strides " + tensor.strides()
                        + " and offset " + tensor.offset() + " does not fit into its " + elements + " stored numbers");
            }
        }

        private static byte[] remaining(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }

        private static String printable(String text) {
            return ModelFile.printable(text, 80);
        }
    }
}
