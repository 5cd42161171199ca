package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.core.stage.ModelArchive;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, 106", "2, 204", "3, 302"})
    void files_of_torch_are_read(int trial, int stateDimension) throws IOException {
        Path file = Fixtures.trial(trial).resolve("actor.onnx");
        ActorModel model = ActorModel.read(file);

        assertThat(model).isInstanceOf(OnnxModel.class);
        assertThat(model.stateDimension()).isEqualTo(stateDimension);
        assertThat(model.actions()).isEqualTo(7);
        assertThat(model.hiddenWidth()).isEmpty();
        assertThat(model.fileName()).isEqualTo("actor.onnx");
        assertThat(model.name()).isEqualTo(file.toString());
        assertThat(model.bytes()).isEqualTo(Files.readAllBytes(file));
        assertThat(model.sha256()).isEqualTo(ModelArchive.sha256(model.bytes()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void actions_are_those_of_torch_and_of_the_checkpoint(int trial) throws IOException {
        float[][] expected = Fixtures.actions(trial, "numpy2");
        TradingEnvironment environment =
                new TradingEnvironment(Fixtures.market(), TradingRules.ORIGINAL, Fixtures.parameters(trial));
        float[] state = new float[environment.stateDimension()];
        float[] action = new float[environment.assets()];
        float[] same = new float[environment.assets()];

        try (Policy onnx = ActorModel.read(Fixtures.trial(trial).resolve("actor.onnx"))
                        .newPolicy();
                Policy java = Fixtures.checkpoint(trial).newPolicy()) {
            for (float[] torch : expected) {
                environment.observe(state);
                onnx.act(state, action);
                java.act(state, same);
                for (int i = 0; i < action.length; i++) {
                    assertThat(action[i]).isCloseTo(torch[i], within(2e-4f)).isCloseTo(same[i], within(2e-4f));
                }
                environment.step(torch);
            }
        }
    }

    @Test
    void a_policy_may_be_closed_twice_and_others_go_on() {
        ActorModel model = parse(OnnxFiles.small());
        Policy one = model.newPolicy();
        float[] action = new float[2];
        try (Policy other = model.newPolicy()) {
            one.close();
            one.close();
            other.act(new float[5], action);
        }

        assertThat(action[0]).isCloseTo((float) Math.tanh(0.01f), within(1e-6f));
        assertThat(action[1]).isCloseTo((float) Math.tanh(0.02f), within(1e-6f));
    }

    @Test
    void a_wrong_length_is_refused() {
        try (Policy policy = parse(OnnxFiles.small()).newPolicy()) {
            assertThatThrownBy(() -> policy.act(new float[4], new float[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes 5 values")
                    .hasMessageContaining("arrays of 4 and 2");
        }
    }

    @Test
    void a_fixed_batch_of_one_is_as_good_as_any() {
        assertThat(parse(withPorts(
                                OnnxFiles.port("state", OnnxFiles.FLOAT, 1, 5),
                                OnnxFiles.port("action", OnnxFiles.FLOAT, 1, 2)))
                        .actions())
                .isEqualTo(2);
    }

    @Test
    void inputs_that_are_not_an_observation_are_refused() {
        OnnxFiles action = OnnxFiles.port("action", OnnxFiles.FLOAT, -1, 2);
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor().message(11, OnnxFiles.port("noise", OnnxFiles.FLOAT, 1, 2))),
                "2 inputs (state, noise)",
                "one input");
        assertRefused(withPorts(OnnxFiles.port("state", OnnxFiles.FLOAT, 32, 5), action), "state", "[32, 5]", "[1, n]");
        assertRefused(withPorts(OnnxFiles.port("state", OnnxFiles.FLOAT, -1, 0), action), "[any, any]", "fixed");
        assertRefused(
                OnnxFiles.model(new OnnxFiles()
                        .message(1, OnnxFiles.node("Tanh", "state", "action"))
                        .text(2, "actor")
                        .message(11, OnnxFiles.port("state", OnnxFiles.DOUBLE, 1, 2))
                        .message(12, OnnxFiles.port("action", OnnxFiles.DOUBLE, 1, 2))),
                "'state' is not a tensor of float32",
                "DOUBLE",
                "actor.float()");
    }

    @Test
    void outputs_that_are_not_actions_are_refused() {
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor().message(12, OnnxFiles.port("sum", OnnxFiles.FLOAT, -1, 2))),
                "2 outputs (action, sum)");
        assertRefused(
                OnnxFiles.model(new OnnxFiles()
                        .message(1, OnnxFiles.node("Tanh", "state", "action"))
                        .text(2, "actor")
                        .message(11, OnnxFiles.port("state", OnnxFiles.FLOAT, 1, 2, 3))
                        .message(12, OnnxFiles.port("action", OnnxFiles.FLOAT, 1, 2, 3))),
                "[1, 2, 3]");
    }

    @Test
    void weights_in_another_file_are_refused() {
        OnnxFiles location = new OnnxFiles().text(1, "location").text(2, "../../etc/passwd");
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor()
                        .message(
                                5,
                                OnnxFiles.weights("x", 1).message(13, location).number(14, 1))),
                "another file",
                "external_data=False");
        assertRefused(
                OnnxFiles.model(
                        OnnxFiles.actor().message(5, OnnxFiles.weights("x", 1).number(14, 1))),
                "another file");
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor()
                        .message(
                                1,
                                OnnxFiles.node("Constant", "", "c")
                                        .message(5, new OnnxFiles().message(5, new OnnxFiles().number(14, 1))))),
                "another file");
    }

    @Test
    void what_a_feed_forward_actor_does_not_need_is_refused() {
        OnnxFiles custom = OnnxFiles.node("Relu", "state", "x").text(7, "com.vendor");
        assertRefused(OnnxFiles.model(OnnxFiles.actor().message(1, custom)), "domain com.vendor", "custom operators");
        for (String operator :
                new String[] {"Loop", "If", "Scan", "RandomNormalLike", "ConstantOfShape", "Tile", "LSTM"}) {
            assertRefused(
                    OnnxFiles.model(OnnxFiles.actor().message(1, OnnxFiles.node(operator, "state", "x"))),
                    "operator " + operator,
                    "feed-forward");
        }
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor()
                        .message(
                                1,
                                OnnxFiles.node("Relu", "state", "x")
                                        .message(5, new OnnxFiles().message(6, OnnxFiles.actor())))),
                "graph within its graph");
        assertRefused(
                OnnxFiles.header()
                        .message(7, OnnxFiles.actor())
                        .message(25, new OnnxFiles())
                        .bytes(),
                "functions");
        assertRefused(
                OnnxFiles.header()
                        .message(7, OnnxFiles.actor())
                        .message(20, new OnnxFiles())
                        .bytes(),
                "training");
        assertRefused(OnnxFiles.model(OnnxFiles.actor().message(15, new OnnxFiles())), "sparse");
    }

    @Test
    void the_last_of_several_values_does_not_hide_the_others() {
        OnnxFiles twice = OnnxFiles.node("Loop", "state", "x").text(4, "Relu");
        assertRefused(OnnxFiles.model(OnnxFiles.actor().message(1, twice)), "operator Loop");
        OnnxFiles domains =
                OnnxFiles.node("Relu", "state", "x").text(7, "com.vendor").text(7, "");
        assertRefused(OnnxFiles.model(OnnxFiles.actor().message(1, domains)), "com.vendor");
        byte[] graphs = OnnxFiles.header()
                .message(7, new OnnxFiles().message(1, OnnxFiles.node("Loop", "state", "x")))
                .message(7, OnnxFiles.actor())
                .bytes();
        assertRefused(graphs, "operator Loop");
    }

    @Test
    void tensors_larger_than_the_file_are_refused() {
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor().message(5, OnnxFiles.weights("x", new byte[4], 1 << 20, 1 << 20))),
                "more numbers");
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor().message(5, OnnxFiles.weights("x", new byte[4], 1 << 20))),
                "1048576 numbers and holds 4 bytes");
    }

    @Test
    void actions_that_are_not_finite_are_refused() {
        byte[] nan = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(Float.NaN)
                .putFloat(1)
                .array();
        OnnxFiles graph = new OnnxFiles()
                .message(1, OnnxFiles.node("Add", "state,b", "action"))
                .text(2, "actor")
                .message(5, OnnxFiles.weights("b", nan, 2))
                .message(11, OnnxFiles.port("state", OnnxFiles.FLOAT, 1, 2))
                .message(12, OnnxFiles.port("action", OnnxFiles.FLOAT, 1, 2));

        assertRefused(OnnxFiles.model(graph), "[NaN, 1.0]", "finite");
    }

    @Test
    void what_is_no_model_is_refused() throws IOException {
        assertRefused(new byte[0], "empty");
        assertRefused("hello world".getBytes(StandardCharsets.US_ASCII), "not an ONNX file");
        assertRefused(TorchArchive.small().bytes(), "not an ONNX file");
        assertRefused(OnnxFiles.header().bytes(), "no graph");
        assertRefused(OnnxFiles.model(new OnnxFiles().text(2, "empty")), "no graph");
        assertRefused(
                OnnxFiles.model(OnnxFiles.actor().message(1, OnnxFiles.node("Tanh", "nothing", "x"))), "ONNX Runtime");
        byte[] whole = Files.readAllBytes(Fixtures.trial(1).resolve("actor.onnx"));
        for (int length : new int[] {1, 100, 20_000, whole.length - 1}) {
            assertRefused(Arrays.copyOf(whole, length), "cannot be used");
        }
        byte[] junk = new byte[1000];
        new Random(7).nextBytes(junk);
        assertRefused(junk, "cannot be used");
    }

    @Test
    void files_that_are_not_there_or_not_files_are_told_apart() {
        assertThatThrownBy(() -> ActorModel.read(directory.resolve("actor.onnx")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> OnnxModel.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("not a regular file");
    }

    /** As an embedder has it who did not ask for ONNX Runtime: everything of ours, and not that library. */
    @Test
    void without_the_library_the_other_format_works_and_the_dependency_is_named() throws Exception {
        URL[] classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("onnxruntime"))
                .map(entry -> {
                    try {
                        return Path.of(entry).toUri().toURL();
                    } catch (IOException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })
                .toArray(URL[]::new);
        try (URLClassLoader embedder = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> models = embedder.loadClass(ActorModel.class.getName());
            Object model = models.getMethod("read", Path.class)
                    .invoke(null, Fixtures.trial(1).resolve("actor.pth"));
            assertThat(models.getMethod("actions").invoke(model)).isEqualTo(7);

            assertThatThrownBy(() -> models.getMethod("read", Path.class)
                            .invoke(null, Fixtures.trial(1).resolve("actor.onnx")))
                    .cause()
                    .satisfies(error ->
                            assertThat(error.getClass().getSimpleName()).isEqualTo("OnnxRuntimeUnavailableException"))
                    .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime")
                    .hasMessageContaining("actor.onnx");
        }
    }

    @Test
    void a_process_prints_nothing_of_onnx_runtime_and_keeps_no_thread_of_it() throws Exception {
        run(Fixtures.trial(1).resolve("actor.onnx").toString());

        assertThat(directory.resolve("out")).hasContent("{\"actions\": 7, \"threads\": 0}\n");
        assertThat(directory.resolve("err")).content().doesNotContainIgnoringCase("onnx");
    }

    /** A daemon drains for half a minute after SIGTERM; a trial must not fail for good in that time. */
    @Test
    void while_the_process_ends_a_model_is_not_blamed() throws Exception {
        run();

        assertThat(directory.resolve("out"))
                .content()
                .startsWith("PipelineException: No model is opened any more, because the process is ending.");
    }

    private void run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                // as the program's manifest says: later JVMs warn of native code otherwise, whoever loads it
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OnnxProgram.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();

        assertThat(process.waitFor()).isZero();
    }

    private static byte[] withPorts(OnnxFiles in, OnnxFiles out) {
        return OnnxFiles.model(new OnnxFiles()
                .message(1, OnnxFiles.node("MatMul", "state,w", "product"))
                .message(1, OnnxFiles.node("Tanh", "product", "action"))
                .text(2, "actor")
                .message(5, OnnxFiles.weights("w", 5, 2))
                .message(11, in)
                .message(12, out));
    }

    private static OnnxModel parse(byte[] bytes) {
        return OnnxModel.parse(bytes, "actor.onnx");
    }

    private static void assertRefused(byte[] bytes, String... words) {
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("The model actor.onnx cannot be")
                .hasMessageEndingWith(".")
                .hasMessageContainingAll(words);
    }
}
