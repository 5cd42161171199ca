package io.pipelinev2.runner.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the kill switch is thrown. */
public final class KillFileCheck implements Check {

    private final Path file;

    /** @param file {@code state/KILL} */
    public KillFileCheck(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "kill switch";
    }

    @Override
    public List<Finding> look() {
        return List.of(
                Files.exists(file)
                        ? Finding.warn(
                                file + " exists, so no trader of this home gives orders as usual",
                                "if that is over: resume, or rm " + file)
                        : Finding.ok("not thrown"));
    }
}
