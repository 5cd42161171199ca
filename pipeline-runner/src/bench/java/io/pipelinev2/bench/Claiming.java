package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import java.util.concurrent.CountDownLatch;

/**
 * Claims as the engine makes them: a pipeline takes as many stages as it has workers, each of which waits until the
 * pipeline has stopped claiming, so that all it wrote until then is its discovery and the claim.
 */
final class Claiming {

    private final TimedStore store;
    private final int workers;

    Claiming(TimedStore store, int workers) {
        this.store = store;
        this.workers = workers;
    }

    /** How long the claiming transaction takes. */
    String repeated(int times) throws InterruptedException {
        Sample sample = new Sample();
        for (int i = 0; i < times; i++) {
            sample.add(once());
        }
        return sample.asDelay();
    }

    private double once() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(workers);
        CountDownLatch ending = new CountDownLatch(1);
        Pipeline pipeline = pipeline(started, ending);
        try {
            store.take();
            Thread claiming = new Thread(() -> runOnce(pipeline), "claiming");
            claiming.start();
            started.await();
            // the first write is the discovery pass
            double millis = store.take().stream()
                    .skip(1)
                    .mapToDouble(TimedStore.Span::millis)
                    .sum();
            stopClaiming(pipeline, ending);
            claiming.join();
            return millis;
        } finally {
            ending.countDown();
            pipeline.close();
        }
    }

    private static void stopClaiming(Pipeline pipeline, CountDownLatch ending) throws InterruptedException {
        Thread closing = new Thread(pipeline::close, "closing");
        closing.start();
        // it stops claiming at once, and then waits for the stages
        Thread.sleep(2);
        ending.countDown();
        closing.join();
    }

    private static void runOnce(Pipeline pipeline) {
        try {
            pipeline.runOnce();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Pipeline pipeline(CountDownLatch started, CountDownLatch ending) {
        Pipeline.Builder builder = Pipeline.builder()
                .store(store)
                .source(new InMemoryTrialSource())
                .workers(workers);
        for (String name : NoOp.STAGES) {
            builder.stage(Stage.of(name, context -> {
                started.countDown();
                ending.await();
                return StageOutcome.passed("waited");
            }));
        }
        return builder.build();
    }
}
