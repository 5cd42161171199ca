package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A program that answers in JSON and plays an ONNX model on the way; for a test to look at from outside. */
final class OnnxProgram {

    private OnnxProgram() {}

    public static void main(String[] arguments) throws IOException {
        // The library with its one-time costs first; the refusal is the noisiest thing that it does.
        refuse();
        long before = threads();
        ActorModel model = ActorModel.read(Path.of(arguments[0]));
        long whileOpen;
        try (Policy policy = model.newPolicy()) {
            policy.act(new float[model.stateDimension()], new float[model.actions()]);
            whileOpen = threads();
        }
        refuse();
        System.out.println("{\"actions\": " + model.actions() + ", \"threads\": "
                + Math.max(0, Math.max(whileOpen, threads()) - before) + "}");
    }

    private static void refuse() {
        try {
            OnnxModel.parse(OnnxFiles.model(OnnxFiles.actor().message(1, OnnxFiles.node("Tanh", "x", "y"))), "bad");
            throw new IllegalStateException("was not refused");
        } catch (CheckpointException expected) {
            // as it should be
        }
    }

    /** Threads of the process that are not Java's own, which the JVM names. */
    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(OnnxProgram::isForeign).count();
        }
    }

    private static boolean isForeign(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip().equals("java");
        } catch (IOException ended) {
            return false;
        }
    }
}
