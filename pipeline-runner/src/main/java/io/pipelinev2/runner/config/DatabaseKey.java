package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.DatabaseLocation.PostgresUrl;
import io.pipelinev2.runner.config.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads the key {@code database}: a path, or one kind of URL. */
final class DatabaseKey {

    private static final Pattern URL = Pattern.compile("(?s)(jdbc:|[A-Za-z][A-Za-z0-9+.-]*://).*");
    private static final Rule<String> DATABASE = new Rule<>(
            text -> text.startsWith(PostgresUrl.PREFIX)
                    || (Rule.PATH.holds().test(text) && !URL.matcher(text).matches()),
            "the path of an SQLite file, or %s//HOST/DATABASE".formatted(PostgresUrl.PREFIX));

    private DatabaseKey() {}

    static DatabaseLocation read(Options options, Path home) {
        String database = options.text("database", "pipeline_v2.db", DATABASE);
        return database.startsWith(PostgresUrl.PREFIX)
                ? new PostgresUrl(database)
                : new SqliteFile(home.resolve(database));
    }
}
