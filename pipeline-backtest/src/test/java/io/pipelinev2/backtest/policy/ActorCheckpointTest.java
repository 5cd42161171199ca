package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.core.stage.ModelArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActorCheckpointTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, 106, 64", "2, 204, 128", "3, 302, 256"})
    void files_of_torch_are_read(int trial, int stateDimension, int width) throws IOException {
        Path file = Fixtures.trial(trial).resolve("actor.pth");
        ActorCheckpoint checkpoint = ActorCheckpoint.read(file);

        assertThat(checkpoint.stateDimension()).isEqualTo(stateDimension);
        assertThat(checkpoint.width()).isEqualTo(width);
        assertThat(checkpoint.actions()).isEqualTo(7);
        assertThat(checkpoint.bytes()).isEqualTo(Files.readAllBytes(file));
        assertThat(checkpoint.sha256()).isEqualTo(ModelArchive.sha256(Files.readAllBytes(file)));
    }

    @Test
    void stored_and_deflated_archives_give_the_same_weights() {
        ActorCheckpoint stored = parse(TorchArchive.small().bytes());
        ActorCheckpoint deflated = parse(TorchArchive.small().deflated().bytes());

        assertThat(stored.sameWeightsAs(deflated)).isTrue();
        assertThat(stored.sha256()).isNotEqualTo(deflated.sha256());
        assertThat(array(stored.first().weights())).hasSize(15).startsWith(0.01f, 0.02f);
    }

    @Test
    void views_are_read_by_offset_and_stride() {
        float[] transposed = {9, 1, 4, 2, 5, 3, 6};
        ActorCheckpoint checkpoint = parse(new TorchArchive()
                .tensor("net.0.weight", "FloatStorage", transposed, 1, new int[] {2, 3}, new int[] {1, 2})
                .tensor("net.0.bias", 2)
                .tensor("net.2.weight", 2, 2)
                .tensor("net.2.bias", 2)
                .tensor("net.4.weight", 1, 2)
                .tensor("net.4.bias", 1)
                .bytes());

        assertThat(array(checkpoint.first().weights())).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void unknown_entries_and_tensors_are_ignored() {
        assertThat(parse(TorchArchive.small()
                                .tensor("a_std_log", "HalfStorage", new float[] {1}, 0, new int[] {1}, new int[] {1})
                                .entry("byteorder", "little")
                                .entry(".format_version", "1")
                                .entry(".data/serialization_id", "17")
                                .bytes())
                        .width())
                .isEqualTo(3);
    }

    @Test
    void a_pickle_that_would_run_code_is_refused_by_name() {
        assertRefused(pickle("cposix\nsystem\nX\u0004\0\0\0true\u0085R."), "posix.system", "would run code", "refused");
        assertRefused(pickle("cbuiltins\neval\n."), "builtins.eval", "would run code");
        assertRefused(
                pickle("ctorch.storage\n_load_from_bytes\n."), "torch.storage._load_from_bytes", "would run code");
        assertRefused(pickle("c__main__\nFloatStorage\n."), "__main__.FloatStorage");
    }

    @Test
    void a_whole_module_is_refused() {
        assertRefused(
                pickle("c__main__\nActorPPO\nq\0)\u0081."), "whole pickled module", "__main__.ActorPPO", "state_dict");
        assertRefused(pickle("ctorch.nn.modules.container\nSequential\n."), "whole pickled module");
        assertRefused(pickle("ctorch.nn.modules.linear\nLinear\nq\0)\u0081}b."), "torch.nn.modules.linear.Linear");
    }

    @Test
    void the_format_before_torch_1_6_is_refused() {
        byte[] legacy = {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, (byte) 0x9c, 'F', (byte) 0xf9, ' ', 'j'};

        assertRefused(legacy, "before 1.6");
    }

    @Test
    void a_feature_transformer_is_refused() {
        assertRefused(
                new TorchArchive()
                        .tensor("encoder.layers.0.weight", 2, 2)
                        .tensor("net.1.weight", 2, 2)
                        .bytes(),
                "feature-transformer",
                "encoder.layers.0.weight",
                "use_ft_encoder");
        assertRefused(
                new TorchArchive()
                        .tensor("net.1.weight", 2, 2)
                        .tensor("net.1.bias", 2)
                        .tensor("net.3.weight", 2, 2)
                        .tensor("net.3.bias", 2)
                        .bytes(),
                "feature-transformer",
                "net.1 and net.3");
        assertRefused(TorchArchive.small().tensor("encoder.scale", 2).bytes(), "feature-transformer", "encoder.scale");
    }

    /** As torch writes it: the parameters are counted, the groups are a list of dictionaries with numbers and lists in them. */
    @Test
    void the_state_of_an_optimizer_is_told_from_an_actor() {
        String group = "}(X\2\0\0\0lrG?\0\0\0\0\0\0\0X\5\0\0\0betas](K\1K\2eX\6\0\0\0params](K\0K\1eu";
        assertRefused(
                pickle("}(X\5\0\0\0state}(K\0}X\4\0\0\0stepK\7sK\1}uX\f\0\0\0param_groups]" + group + "au."),
                "optimizer",
                "act_optim.pth",
                "actor.pth");
    }

    @Test
    void a_torchscript_archive_is_refused() {
        assertRefused(TorchArchive.small().entry("constants.pkl", "").bytes(), "TorchScript");
    }

    @Test
    void big_endian_numbers_are_refused() {
        assertRefused(TorchArchive.small().entry("byteorder", "big").bytes(), "byte order is 'big'");
    }

    @Test
    void missing_tensors_and_missing_numbers_are_refused() {
        assertRefused(new TorchArchive().tensor("net.0.weight", 3, 5).bytes(), "no tensor net.0.bias");
        assertRefused(TorchArchive.small().without("data/2").bytes(), "numbers of net.2.weight", "missing");
    }

    @Test
    void wrong_shapes_are_refused() {
        assertRefused(
                new TorchArchive()
                        .tensor("net.0.weight", 3, 5)
                        .tensor("net.0.bias", 4)
                        .bytes(),
                "net.0.bias has 4",
                "3 rows");
        assertRefused(
                new TorchArchive()
                        .tensor("net.0.weight", 15)
                        .tensor("net.0.bias", 3)
                        .bytes(),
                "net.0.weight has shape [15]");
        assertRefused(
                TorchArchive.small().tensor("net.2.weight", 3, 4).bytes(), "net.2.weight takes 4 inputs", "3 outputs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HalfStorage", "DoubleStorage", "BFloat16Storage", "LongStorage"})
    void other_number_types_are_refused(String type) {
        assertRefused(
                TorchArchive.small()
                        .tensor("net.0.bias", type, new float[3], 0, new int[] {3}, new int[] {1})
                        .bytes(),
                "net.0.bias is stored as " + type,
                "float32",
                "actor.float()");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void weights_that_are_not_finite_are_refused(float value) {
        assertRefused(
                TorchArchive.small()
                        .tensor("net.0.bias", "FloatStorage", new float[] {0, value, 0}, 0, new int[] {3}, new int[] {1
                        })
                        .bytes(),
                "net.0.bias holds " + value,
                "column 1");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-1, 1", "0, 2", "0, -1", "0, 2147483647", "2147483647, 1"})
    void a_view_outside_of_its_storage_is_refused(int offset, int stride) {
        assertRefused(
                TorchArchive.small()
                        .tensor("net.0.bias", "FloatStorage", new float[3], offset, new int[] {3}, new int[] {stride})
                        .bytes(),
                "net.0.bias",
                "does not fit");
    }

    @Test
    void a_view_that_multiplies_its_storage_is_refused() {
        assertRefused(
                TorchArchive.small()
                        .tensor("net.0.weight", "FloatStorage", new float[1], 0, new int[] {3, 60_000}, new int[] {0, 0
                        })
                        .bytes(),
                "does not fit");
    }

    @Test
    void what_is_no_archive_is_refused() {
        assertRefused(new byte[0], "empty");
        assertRefused("hello world".getBytes(StandardCharsets.US_ASCII), "not a zip archive");
        assertRefused(new byte[] {'P', 'K', 3, 4, 0, 0}, "cut short");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 20_000, 40_000, 48_000})
    void a_file_that_was_cut_short_is_refused(int length) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));

        assertRefused(Arrays.copyOf(whole, length), "cannot be used");
    }

    @Test
    void a_changed_weight_is_noticed() throws IOException {
        byte[] bytes = Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));
        bytes[bytes.length / 2] ^= 1;

        assertRefused(bytes, "checksum", "Copy the file again");
    }

    @Test
    void an_entry_that_unpacks_to_far_more_than_it_holds_is_refused() {
        assertRefused(
                TorchArchive.small()
                        .entry("bomb", " ".repeat(10_000_000))
                        .deflated()
                        .bytes(),
                "bomb",
                "10000000 bytes");
    }

    @Test
    void broken_pickles_are_refused() {
        assertRefused(pickle("."), "0 values");
        assertRefused(pickle("R."), "empty stack");
        assertRefused(pickle("(."), "something other");
        assertRefused(pickle("h\u0007."), "never remembered");
        assertRefused(pickle("}NK\u0002s."), "neither a text nor a number");
        assertRefused(pickle("N"), "ends in the middle");
        assertRefused(pickle("i."), "opcode 0x69");
        assertRefused(pickle("(".repeat(200_000)), "stack of more than");
        assertRefused(pickle("X\u00ff\u00ff\u00ff\u00ff"), "text of 4294967295 bytes");
        assertRefused(new TorchArchive().bytes(new byte[5 << 20]), "more than the limit");
        assertRefused(new TorchArchive().bytes(new byte[] {(byte) 0x80, 5, '.'}), "protocol 5");
        assertRefused(pickle("(" + "(K\u0001".repeat(30_000) + "t".repeat(30_000) + "t."), "something other");
    }

    @Test
    void files_that_are_not_there_or_not_files_are_told_apart() {
        assertThatThrownBy(() -> ActorCheckpoint.read(directory.resolve("actor.pth")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> ActorCheckpoint.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("not a regular file");
    }

    private static byte[] pickle(String opcodes) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
        return new TorchArchive().bytes(pickle.toByteArray());
    }

    private static ActorCheckpoint parse(byte[] bytes) {
        return ActorCheckpoint.parse(bytes, "actor.pth");
    }

    private static void assertRefused(byte[] bytes, String... words) {
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("actor.pth")
                .hasMessageContainingAll(words);
    }

    private static float[] array(ActorCheckpoint.Values values) {
        float[] array = new float[values.rows() * values.columns()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i / values.columns(), i % values.columns());
        }
        return array;
    }
}
