package io.pipelinev2.bench;

/** The same thing again and again. */
final class Repeated {

    private Repeated() {}

    /** How long it takes, after as many times as it takes to be warm. */
    static String of(int times, Runnable work) {
        for (int i = 0; i < times / 4; i++) {
            work.run();
        }
        Sample sample = new Sample();
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            work.run();
            sample.add((System.nanoTime() - start) / 1e6);
        }
        return sample.asDelay();
    }
}
