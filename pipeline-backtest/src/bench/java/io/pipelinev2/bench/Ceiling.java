package io.pipelinev2.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The yardstick: see {@link CeilingKernel}. Needs the Vector API. */
@State(Scope.Thread)
public class Ceiling {

    @Param("256")
    public int width;

    private CeilingKernel kernel = new CeilingKernel(0, 64, 0);

    @Setup
    public void setUp() {
        kernel = new CeilingKernel(106, width, 1);
    }

    @Benchmark
    public float ceiling() {
        return kernel.step();
    }
}
