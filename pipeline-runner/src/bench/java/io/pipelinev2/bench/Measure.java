package io.pipelinev2.bench;

/** One question about the engine. */
interface Measure {

    /** The name by which it is asked for on the command line. */
    String name();

    /** Finds the answer, and writes it down row by row. */
    void run(Settings settings, Report report) throws Exception;
}
