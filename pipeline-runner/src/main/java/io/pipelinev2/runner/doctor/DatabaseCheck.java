package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.PipelineConfig;
import java.util.List;

/** Whether the database can be read, is whole, and of this program's schema. */
final class DatabaseCheck implements Check {

    private final List<String> faults;

    DatabaseCheck(PipelineConfig config) {
        this.faults = faults(config);
    }

    private static List<String> faults(PipelineConfig config) {
        try {
            return PipelineHome.upkeep(config).checks().stream()
                    .flatMap(check -> check.findings().stream())
                    .distinct()
                    .toList();
        } catch (PipelineException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    boolean isSound() {
        return faults.isEmpty();
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public List<Finding> look() {
        return isSound()
                ? List.of(Finding.ok("whole, and of this program's schema"))
                : faults.stream()
                        .map(fault -> Finding.fail(fault, "db check says more; restore brings back a backup"))
                        .toList();
    }
}
