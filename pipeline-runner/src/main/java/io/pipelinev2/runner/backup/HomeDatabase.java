package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import java.nio.file.Path;

/** The database of a home as a file. */
final class HomeDatabase {

    private HomeDatabase() {}

    /**
     * @param instead what to do about a database that is none
     * @throws RefusedException if it is on a server
     */
    static Path of(PipelineConfig config, String instead) {
        if (config.database() instanceof DatabaseLocation.SqliteFile file) {
            return file.path().toAbsolutePath().normalize();
        }
        throw new RefusedException(
                "The database of the home %s is on a PostgreSQL server, which has tools of its own. %s"
                        .formatted(config.home(), instead));
    }
}
