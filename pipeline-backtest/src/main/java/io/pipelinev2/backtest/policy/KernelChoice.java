package io.pipelinev2.backtest.policy;

import java.lang.reflect.Constructor;

/**
 * The fastest kernel that this JVM can run: the one in vector instructions where the JVM was started with {@code --add-modules
 * jdk.incubator.vector} and compiles with its optimising compiler, else plain loops. Results are the same bits with both. {@code -Dpipeline.kernel=plain} takes the
 * plain one in any case.
 */
final class KernelChoice {

    /** System property: {@code plain}, or absent. */
    static final String PROPERTY = "pipeline.kernel";

    private static final String MODULE = "jdk.incubator.vector";
    private static final String VECTOR_KERNEL = "io.pipelinev2.backtest.policy.VectorKernel";

    private static final Kernel FASTEST = choose();

    private KernelChoice() {}

    static Kernel fastest() {
        return FASTEST;
    }

    /** The Vector API becomes vector instructions in HotSpot's optimising compiler only; without it, it crawls. */
    static boolean optimises(String vmInfo) {
        return !vmInfo.contains("interpreted mode") && !vmInfo.contains("emulated-client");
    }

    private static Kernel choose() {
        if ("plain".equals(System.getProperty(PROPERTY))
                || ModuleLayer.boot().findModule(MODULE).isEmpty()
                || !optimises(System.getProperty("java.vm.info", ""))) {
            return new PlainKernel();
        }
        try {
            // By name, because linking the class would need the module.
            Constructor<?> constructor = Class.forName(VECTOR_KERNEL).getDeclaredConstructor();
            return (Kernel) constructor.newInstance();
        } catch (ReflectiveOperationException | LinkageError changedApi) {
            // An incubating API may change with any JDK; the plain kernel gives the same results.
            return new PlainKernel();
        }
    }
}
