package io.pipelinev2.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends a connection to code that manages transactions of its own, while the lender's transaction stays open around all
 * it does: begin, commit and close of the borrower have no effect. So Flyway, which does not lock on SQLite, migrates
 * under the lender's write lock, and all migrations are one atomic unit.
 */
final class HeldConnection {

    private final Connection connection;
    private boolean autoCommit = true;
    private boolean rolledBack;

    HeldConnection(Connection connection) {
        this.connection = connection;
    }

    /** Whether the borrower wanted something undone, so that the lender must undo all. */
    boolean rolledBack() {
        return rolledBack;
    }

    DataSource asDataSource() {
        Connection lent = proxy(Connection.class, this::onConnection);
        return proxy(DataSource.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getConnection" -> lent;
            case "toString" -> "a held connection";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private @Nullable Object onConnection(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "getAutoCommit":
                return autoCommit;
            case "setAutoCommit":
                autoCommit = (Boolean) arguments[0];
                return null;
            case "rollback":
                rolledBack = true;
                return null;
            case "commit", "close":
                return null;
            default:
                try {
                    return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
