package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that answers in JSON and plays an ONNX model on the way; for a test to look at from outside. */
final class OnnxProgram {

    private OnnxProgram() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            ActorModel model = OnnxModel.parse(OnnxFiles.small(), "small");
            Policy open = model.newPolicy();
            Thread worker = new Thread(() -> openWhileEnding(model, open));
            worker.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                }
            }));
            System.exit(0);
        }
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

    /** Opens a model again and again while the process ends, and says how that came to an end; a session that is open plays on. */
    private static void openWhileEnding(ActorModel model, Policy open) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (System.nanoTime() < until) {
                model.newPolicy().close();
            }
            System.out.println("never refused");
        } catch (RuntimeException e) {
            open.act(new float[5], new float[2]);
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
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
