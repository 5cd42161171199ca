package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageUrlTest {

    private static final Path HOME = Path.of("/home/of/it");

    private final List<String> said = new ArrayList<>();

    private StorageLocation parse(String configured) {
        return StorageUrl.parse(configured, HOME, new Notices(said::add));
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite:///databases/optuna.db, /home/of/it/databases/optuna.db",
        "sqlite:////srv/optuna.db, /srv/optuna.db",
        "SQLite:///optuna.db, /home/of/it/optuna.db",
        "sqlite+pysqlite:///optuna.db, /home/of/it/optuna.db",
        "databases/optuna.db, /home/of/it/databases/optuna.db",
        "/srv/optuna.db, /srv/optuna.db",
        "sqlite:///a%20b.db, /home/of/it/a%20b.db",
        "what?.db, /home/of/it/what?.db",
        "C:optuna.db, /home/of/it/C:optuna.db",
    })
    void names_a_file(String configured, Path file) {
        assertThat(parse(configured)).isEqualTo(new StorageLocation.SqliteFile(file));
        assertThat(said).isEmpty();
    }

    @Test
    void options_are_ignored_and_that_is_said() {
        assertThat(parse("sqlite:///optuna.db?timeout=60&uri=true"))
                .isEqualTo(new StorageLocation.SqliteFile(HOME.resolve("optuna.db")));
        assertThat(said).singleElement().asString().contains("'?timeout=60&uri=true'", "ignored");
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:secret@host/db, postgresql",
        "postgresql+psycopg2://u:secret@host/db, postgresql+psycopg2",
        "mysql+pymysql://u:secret@host/db, mysql+pymysql",
        "redis://secret@host, redis",
        "jdbc:sqlite:/x?password=secret, jdbc",
        "file:/secret/x.db, file",
    })
    void other_kinds_are_refused_without_repeating_a_password(String configured, String scheme) {
        assertThatThrownBy(() -> parse(configured))
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining("'" + scheme + ":' URL, which is not supported yet")
                .hasMessageContaining("sqlite:///PATH")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "sqlite:optuna.db, too few slashes",
        "sqlite:/optuna.db, too few slashes",
        "sqlite://optuna.db, too few slashes",
        "sqlite://, too few slashes",
        "sqlite:///, in memory",
        "sqlite:///:memory:, in memory",
        "sqlite:///?mode=memory, in memory",
        "sqlite:///file:x.db?uri=true, SQLite's own 'file:' form",
    })
    void what_is_no_storage_is_refused_with_the_forms_there_are(String configured, String rule) {
        assertThatThrownBy(() -> parse(configured))
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining("Write sqlite:///PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "sqlite:///a\0b"})
    void what_is_no_path_is_refused(String configured) {
        assertThatThrownBy(() -> parse(configured))
                .isInstanceOf(TrialSourceException.class)
                .hasMessageContaining("a\\u0000b")
                .hasMessageContaining("is not a path");
    }
}
