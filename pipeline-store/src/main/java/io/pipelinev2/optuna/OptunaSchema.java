package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The schema that a file really has, and whether it can be read. Neither mark suffices alone: Optuna's alembic revision
 * says which migrations ran, but merely opening an old file with a new Optuna adds (empty) tables to it; and the columns
 * cannot tell that their content is still in an older form. So the revision must not be a known older one, and every
 * column that is read must be there.
 *
 * @param columns {@code table.column} of Optuna's tables; a view or virtual table of such a name is not one
 * @param revisions what {@code alembic_version} holds, normally one
 */
record OptunaSchema(Set<String> columns, List<String> revisions) {

    /** All columns that the queries of {@link SqliteStorage} name. */
    private static final List<String> NEEDED = List.of(
            "studies.study_id",
            "studies.study_name",
            "study_directions.study_id",
            "study_directions.direction",
            "study_directions.objective",
            "trials.trial_id",
            "trials.number",
            "trials.study_id",
            "trials.state",
            "trials.datetime_start",
            "trial_values.trial_id",
            "trial_values.objective",
            "trial_values.value",
            "trial_values.value_type",
            "trial_params.param_id",
            "trial_params.trial_id",
            "trial_params.param_name",
            "trial_params.param_value",
            "trial_params.distribution_json",
            "trial_user_attributes.trial_user_attribute_id",
            "trial_user_attributes.trial_id",
            "trial_user_attributes.key",
            "trial_user_attributes.value_json");

    private static final List<String> SUPPORTED = List.of("v3.0.0.d", "v3.2.0.a");

    /** Written by Optuna 2.3 and before, which a current Optuna cannot upgrade in one step. */
    private static final Set<String> ANCIENT = Set.of("v0.9.0.a", "v1.2.0.a", "v1.3.0.a");

    private static final Set<String> OLD = Set.of("v2.4.0.a", "v2.6.0.a", "v3.0.0.a", "v3.0.0.b", "v3.0.0.c");

    // rootpage is 0 for views and virtual tables, whose rows come from code in the file
    private static final String COLUMNS = """
            select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c
            where m.type = 'table' and m.rootpage > 0 and m.name in ('alembic_version', 'studies', 'study_directions',
            'trials', 'trial_values', 'trial_params', 'trial_user_attributes')
            """;

    static OptunaSchema of(Connection connection) throws SQLException {
        Set<String> columns = new HashSet<>(Rows.fetch(connection, COLUMNS, row -> row.getString(1)));
        List<String> revisions = columns.contains("alembic_version.version_num")
                ? Rows.fetch(
                        connection,
                        "select version_num from alembic_version where version_num is not null",
                        row -> row.getString(1))
                : List.of();
        return new OptunaSchema(columns, revisions);
    }

    /** @throws TrialSourceException if it is not Optuna's, or one that cannot be read */
    void requireReadable(Path path) {
        if (!columns.contains("studies.study_id") || !columns.contains("trials.trial_id")) {
            throw new TrialSourceException(
                    ("The Optuna storage %s is %s without Optuna's tables 'studies' and 'trials'. Let optuna.storage"
                                    + " name the file that Optuna writes; if Optuna is just creating it, the next"
                                    + " reading finds them.")
                            .formatted(path, SqliteFiles.isEmpty(path) ? "an empty file" : "an SQLite database"));
        }
        Set<String> missing = NEEDED.stream()
                .filter(column -> !columns.contains(column))
                .collect(Collectors.toCollection(TreeSet::new));
        if (missing.isEmpty() && !isKnownToBeOlder()) {
            return;
        }
        throw new TrialSourceException(
                "The Optuna storage %s has the schema revision %s%s. Supported are %s (Optuna 3.0 and later). %s"
                        .formatted(
                                path,
                                found(),
                                isKnownToBeOlder()
                                        ? ", which is older than what can be read"
                                        : ", but lacks the columns " + String.join(", ", missing),
                                String.join(" and ", SUPPORTED),
                                nextStep()));
    }

    /** What is odd about a schema that can nevertheless be read. */
    Optional<String> remark(Path path) {
        if (revisions.size() == 1 && SUPPORTED.contains(revisions.get(0))) {
            return Optional.empty();
        }
        return Optional.of(
                ("The Optuna storage %s has the schema revision %s, which this version does not know (it knows %s). All"
                                + " columns it reads are there, so it goes on; compare a few trials with what Optuna"
                                + " shows.")
                        .formatted(path, found(), String.join(" and ", SUPPORTED)));
    }

    private boolean isKnownToBeOlder() {
        return revisions.stream().anyMatch(revision -> ANCIENT.contains(revision) || OLD.contains(revision));
    }

    private String nextStep() {
        if (!isKnownToBeOlder()) {
            return "A newer version of this program may read it.";
        }
        String first = revisions.stream().anyMatch(ANCIENT::contains)
                ? " first with Optuna 2.10.1 and then with a current Optuna"
                : "";
        return ("Copy the file, run \"optuna storage upgrade --storage sqlite:///COPY\"%s, and let optuna.storage name"
                        + " the copy.")
                .formatted(first);
    }

    private String found() {
        return revisions.isEmpty()
                ? "(none)"
                : revisions.stream().limit(5).map(Quoted::of).collect(Collectors.joining(", "));
    }
}
