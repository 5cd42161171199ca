package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.backup.Backup;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Copies the home's database, configuration, paper accounts and models into a directory, while"
                + " everything runs. `restore` puts them back.")
final class BackupCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "DIR", description = "Where to; not there yet, or empty.")
    Path directory;

    @Override
    public Integer call() {
        PipelineConfig config = config();
        log(config);
        Backup backup = Backup.take(config, directory, Clock.system());
        for (String path : backup.leftOut()) {
            err().println("left out, since a backup follows no links: " + InertText.of(path));
        }
        say("Backed up %d files, %s, to %s. `restore %s` puts them back."
                .formatted(backup.files(), ByteCount.of(backup.bytes()), backup.directory(), backup.directory()));
        return ExitCode.OK;
    }
}
