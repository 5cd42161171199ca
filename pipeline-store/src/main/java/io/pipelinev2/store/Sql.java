package io.pipelinev2.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.DSLContext;

/**
 * What the statements of one transaction are executed by: jOOQ, or for those of which there are very many JDBC alone
 * ({@link HotStatement}).
 *
 * @param jooq over the connection
 * @param connection in the middle of the transaction
 * @param dialect of the database
 * @param faults of this transaction
 */
record Sql(DSLContext jooq, Connection connection, Dialect dialect, Faults faults) {

    /** The id that the latest insert was given. */
    long lastId() {
        try (PreparedStatement question = connection.prepareStatement(dialect.lastId());
                ResultSet answer = question.executeQuery()) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw faults.of(e);
        }
    }
}
