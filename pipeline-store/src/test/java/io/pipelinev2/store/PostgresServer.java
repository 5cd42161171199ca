package io.pipelinev2.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A real PostgreSQL for tests: one per JVM, or the one that {@code -Dpg.url=jdbc:postgresql:…} names. */
final class PostgresServer {

    private static String url;

    private PostgresServer() {}

    /** The URL of a schema, which is made when it is first opened. */
    static synchronized String url(String schema) {
        if (url == null) {
            url = System.getProperty("pg.url");
        }
        if (url == null) {
            url = start();
        }
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema;
    }

    private static String start() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return server.getJdbcUrl("postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
