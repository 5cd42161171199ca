package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.study;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** The state in the database of a host application. */
class DataSourceStoreTest {

    @TempDir
    private Path directory;

    private static SQLiteDataSource sqlite(String file) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static String freshSchema() {
        String url = PostgresServer.url("s_" + UUID.randomUUID().toString().replace("-", ""));
        PostgresStore.open(url).close();
        return url;
    }

    @Test
    void an_sqlite_source_says_which_file_is_meant() {
        Path file = directory.resolve("state 1.db");
        Study study;
        try (PipelineStore store = DataSourceStore.open(sqlite(file + "?cache_size=100"))) {
            study = store.write(writer -> writer.insert(study("ppo")));
        }
        try (PipelineStore store = SqliteStore.open(file)) {
            assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study);
        }
    }

    @Test
    void a_database_in_memory_is_refused() {
        assertThatThrownBy(() -> DataSourceStore.open(sqlite(":memory:")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("The state needs a file");
    }

    @Test
    void a_postgresql_source_is_used_and_stays_open() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(freshSchema());
        try (HikariDataSource pool = pool(source, true)) {
            try (PipelineStore store = DataSourceStore.open(pool)) {
                Study study = store.write(writer -> writer.insert(study("ppo")));
                assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study);
            }
            assertThat(pool.isClosed()).isFalse();
        }
    }

    @Test
    void connections_that_are_not_in_autocommit_are_refused() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(freshSchema());
        try (HikariDataSource pool = pool(source, false)) {
            assertThatThrownBy(() -> DataSourceStore.open(pool))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("autocommit");
        }
    }

    @Test
    void a_source_without_a_database_is_told_as_such() {
        assertThatThrownBy(() -> DataSourceStore.open(
                        sqlite(directory.resolve("nowhere/state.db").toString())))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The data source gives no connection");
    }

    private static HikariDataSource pool(PGSimpleDataSource source, boolean autocommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }
}
