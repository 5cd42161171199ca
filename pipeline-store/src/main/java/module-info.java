/** The pipeline's state in SQLite or PostgreSQL, and Optuna's storages, read-only. */
@SuppressWarnings("module") // the project's name ends in a digit
module io.pipelinev2.store {
    requires transitive io.pipelinev2.core;
    requires transitive java.sql;
    requires transitive org.jspecify;
    requires com.zaxxer.hikari;
    requires flyway.core;
    requires static jakarta.xml.bind;
    requires org.jooq;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.pipelinev2.optuna;
    exports io.pipelinev2.store;
    exports io.pipelinev2.store.logging to
            io.pipelinev2.runner;

    // the migrations, which Flyway looks for among the resources of whoever has them
    opens db.migration.sqlite;
    opens db.migration.postgresql;
}
