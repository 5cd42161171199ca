package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.backup.Restore;
import io.pipelinev2.runner.backup.VerifiedBackup;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description =
                "Puts a backup in place of what the home holds, which is moved aside and never deleted. The home's"
                        + " configuration is kept; if it has none, it gets the backup's. Run again, it completes what was"
                        + " interrupted.")
final class RestoreCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "DIR", description = "The backup.")
    Path directory;

    @Override
    public Integer call() {
        VerifiedBackup backup = VerifiedBackup.in(directory);
        Path configuration = configuration();
        PipelineConfig config = Files.exists(configuration)
                ? config()
                : ConfigLoader.ofThisProcess()
                        .load(backup.configuration(), options.home == null ? configuration.getParent() : options.home);
        log(config);
        Path aside = Restore.run(backup, config, configuration, Clock.system());
        say("Restored the backup of %s to %s.%s"
                .formatted(
                        backup.createdAt(),
                        config.home(),
                        Files.exists(aside) ? " What was there before is in " + aside + "." : ""));
        return ExitCode.OK;
    }

    /** The file that configures the home, be it there or to be put there. */
    private Path configuration() {
        Path file = ConfigLoader.ofThisProcess().file(options.config);
        return options.home == null || options.config != null || Files.exists(file)
                ? file
                : options.home.toAbsolutePath().normalize().resolve(ConfigLoader.DEFAULT_FILE);
    }
}
