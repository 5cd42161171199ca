package io.pipelinev2.runner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether traders can be started with the Java that runs this. */
public final class JavaCheck implements Check {

    private final Path java;
    private final String version;

    public JavaCheck() {
        this(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Runtime.version().toString());
    }

    JavaCheck(Path java, String version) {
        this.java = java;
        this.version = version;
    }

    @Override
    public String name() {
        return "java";
    }

    @Override
    public List<Finding> look() {
        return List.of(
                Files.isExecutable(java)
                        ? Finding.ok("Java " + version + ", " + java)
                        : Finding.fail(
                                java + ", with which traders are started, is not there",
                                "install a whole JDK or JRE of Java 17 or later, and start the daemon again after an upgrade"));
    }
}
