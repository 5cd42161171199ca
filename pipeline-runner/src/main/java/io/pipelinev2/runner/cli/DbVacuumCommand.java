package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.store.Upkeep;
import picocli.CommandLine.Command;

@Command(
        name = "vacuum",
        description =
                "Gives back the room in the database that nothing uses any more, and renews its statistics. Writers"
                        + " wait meanwhile.")
final class DbVacuumCommand extends HomeCommand {

    @Override
    public Integer call() {
        PipelineConfig config = config();
        log(config);
        UnfinishedRestore.refuse(config.home());
        Upkeep.Vacuumed vacuumed = PipelineHome.upkeep(config).vacuum();
        say("%s: %s before, %s now."
                .formatted(name(config), ByteCount.of(vacuumed.bytesBefore()), ByteCount.of(vacuumed.bytesAfter())));
        if (vacuumed.remark() != null) {
            err().println(vacuumed.remark());
        }
        return ExitCode.OK;
    }

    static String name(PipelineConfig config) {
        return config.database() instanceof DatabaseLocation.SqliteFile file
                ? file.path().toString()
                : config.database().toString();
    }
}
