package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.doctor.Check;
import io.pipelinev2.runner.doctor.Diagnosis;
import io.pipelinev2.runner.doctor.HomeChecks;
import io.pipelinev2.runner.doctor.Machine;
import io.pipelinev2.runner.doctor.UnreadableHome;
import io.pipelinev2.runner.logging.LogsUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Looks for what is or may go wrong with this home and machine, and says how to mend it. Changes"
                + " nothing. Exits with 5 if something does not work.")
final class DoctorCommand extends HomeCommand {

    @Option(names = "--strict", description = "Exit with 6 if something may hurt some day.")
    boolean strict;

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Option(names = "--online", description = "Look at whether other machines can be reached, such as the feed's.")
    boolean online;

    @Option(names = "--unit", paramLabel = "FILE", description = "A systemd unit file that is looked at, too.")
    List<Path> units = new ArrayList<>();

    @Override
    public Integer call() {
        PipelineConfig config = config();
        List<Check> checks = new ArrayList<>();
        try {
            log(config);
        } catch (LogsUnavailableException e) {
            // What keeps other commands from working is what is looked for here.
            checks.add(new UnreadableHome(String.valueOf(e.getMessage())));
        }
        checks.addAll(HomeChecks.of(config, Machine.ofThisProcess(), units, online));
        Diagnosis diagnosis = Diagnosis.of(checks);
        if (json) {
            print(diagnosis.json());
        } else {
            out().print(DiagnosisText.of(diagnosis, page()));
            out().flush();
        }
        return switch (diagnosis.worst()) {
            case OK -> ExitCode.OK;
            case WARN -> strict ? ExitCode.DEGRADED : ExitCode.OK;
            case FAIL -> ExitCode.UNREACHABLE;
        };
    }
}
