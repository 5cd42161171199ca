package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether a systemd unit file would let traders outlive the daemon. */
public final class UnitFileCheck implements Check {

    private final Path file;
    private final int traders;

    /** @param traders how many traders there may be */
    public UnitFileCheck(Path file, int traders) {
        this.file = file;
        this.traders = traders;
    }

    @Override
    public String name() {
        return "unit-file";
    }

    @Override
    public List<Finding> look() throws IOException {
        if (!Files.isReadable(file)) {
            return List.of(Finding.fail(
                    file + " cannot be read", "name a unit file, such as" + " /etc/systemd/system/pipeline.service"));
        }
        List<Finding> findings = new UnitRules(traders).of(Unit.ofFile(Files.readString(file)));
        return findings.isEmpty() ? List.of(Finding.ok(file + " lets traders outlive the daemon")) : findings;
    }
}
