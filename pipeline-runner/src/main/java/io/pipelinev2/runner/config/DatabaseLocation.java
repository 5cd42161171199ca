package io.pipelinev2.runner.config;

import java.nio.file.Path;

/** Where the pipeline keeps its state: the key {@code database}. */
public sealed interface DatabaseLocation {

    /**
     * An SQLite file.
     *
     * @param path absolute, or as an embedder gave it
     */
    record SqliteFile(Path path) implements DatabaseLocation {}

    /**
     * A PostgreSQL database.
     *
     * @param url as JDBC takes it, {@code jdbc:postgresql://…}
     */
    record PostgresUrl(String url) implements DatabaseLocation {
        static final String PREFIX = "jdbc:postgresql:";

        public PostgresUrl {
            new Rule<String>(text -> text.startsWith(PREFIX), PREFIX + "//HOST/DATABASE").require("database", url);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return Shown.masked(url);
        }
    }
}
