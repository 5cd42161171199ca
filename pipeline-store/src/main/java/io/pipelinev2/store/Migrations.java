package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Brings a database to the newest schema. */
final class Migrations {

    private Migrations() {}

    /**
     * Runs what is missing.
     *
     * @param folder the folder of this kind of database under {@code db/migration}
     * @param schema the schema that holds it, made if there is none; null for the one that connections come with
     * @param database its name for people
     */
    static void run(DataSource source, String folder, @Nullable String schema, String database) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .schemas(schema == null ? new String[0] : new String[] {schema})
                    .locations("classpath:db/migration/" + folder)
                    .table(SchemaVersion.HISTORY)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    "The schema of the database %s could not be brought to version %s: %s Nothing was changed. If the file was copied or edited, restore a backup; otherwise this is a bug."
                            .formatted(database, SchemaVersion.NEWEST, e.getMessage()),
                    e);
        }
    }
}
