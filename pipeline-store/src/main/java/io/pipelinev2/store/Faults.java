package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/**
 * Puts each failed statement into words, and remembers the first: a transaction in which a statement failed is never
 * committed, even if the work went on (PostgreSQL would silently undo it, SQLite would keep the half of it).
 */
final class Faults implements ExecuteListener {

    private final transient Dialect dialect;
    private @Nullable RuntimeException first;

    Faults(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public void exception(ExecuteContext context) {
        SQLException fault = context.sqlException();
        // jOOQ wraps what a column's converter threw in an SQLException of its own
        context.exception(
                fault != null && !(fault.getCause() instanceof RuntimeException)
                        ? of(fault)
                        : ofUnreadable(context.exception()));
    }

    /** A statement failed. */
    RuntimeException of(SQLException fault) {
        return remembered(dialect.translate(fault));
    }

    /** A row holds what no column of its kind may hold. */
    RuntimeException ofUnreadable(@Nullable RuntimeException thrown) {
        return remembered(unreadable(thrown));
    }

    private RuntimeException remembered(RuntimeException inWords) {
        if (first == null) {
            first = inWords;
        }
        return inWords;
    }

    void rethrow() {
        if (first != null) {
            throw first;
        }
    }

    private static StoreException unreadable(@Nullable RuntimeException thrown) {
        Throwable root = thrown;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return new StoreException(
                "A row of the state holds what this program does not know (%s). It was changed by hand or by another program: correct it, or restore a backup."
                        .formatted(root == null ? "unknown" : root.getMessage()),
                thrown);
    }
}
