package io.pipelinev2.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/**
 * Connections that count the statements of transactions that write, and can die at any of them, as a process does that is killed: what was not committed
 * is gone, and nothing is answered any more.
 */
final class FaultyConnections implements Connections {

    private final Connections real;
    private long statements;
    private long deadly = Long.MAX_VALUE;
    private boolean answered = true;
    private boolean dead;

    FaultyConnections(Connections real) {
        this.real = real;
    }

    /**
     * Dies at the n-th statement from now.
     *
     * @param executed whether that statement is still executed, and only its answer lost
     */
    void dieAt(long n, boolean executed) {
        deadly = statements + n;
        answered = !executed;
    }

    boolean isDead() {
        return dead;
    }

    /** Lets something be done by the connection that writes. */
    void onWriter(String sql) throws SQLException {
        try (Session session = real.toWrite();
                Statement statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public Session toRead() throws SQLException {
        requireAlive();
        // to be killed while reading is to be killed before the next write
        return real.toRead();
    }

    @Override
    public Session toWrite() throws SQLException {
        requireAlive();
        return faulty(real.toWrite());
    }

    @Override
    public OptionalLong version() throws SQLException {
        requireAlive();
        return real.version();
    }

    @Override
    public void close() {
        real.close();
    }

    private Session faulty(Session session) {
        Connection connection = proxy(Connection.class, session.connection(), (name, result) -> {
            if (result instanceof PreparedStatement statement) {
                return counted(PreparedStatement.class, statement);
            }
            return result instanceof Statement statement ? counted(Statement.class, statement) : result;
        });
        return new Session() {
            @Override
            public Connection connection() {
                return connection;
            }

            @Override
            public void discard() {
                session.discard();
            }

            @Override
            public void close() {
                if (dead) {
                    // takes with it what was not committed
                    session.discard();
                }
                session.close();
            }
        };
    }

    private <T extends Statement> T counted(Class<T> type, T statement) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (!method.getName().startsWith("execute")) {
                return invoke(statement, method, arguments);
            }
            requireAlive();
            boolean last = ++statements == deadly;
            if (last && answered) {
                throw death();
            }
            Object result = invoke(statement, method, arguments);
            if (last) {
                throw death();
            }
            return result;
        };
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private interface Wrapping {
        Object wrap(String method, Object result);
    }

    private <T> T proxy(Class<T> type, T target, Wrapping wrapping) {
        InvocationHandler handler =
                (proxy, method, arguments) -> wrapping.wrap(method.getName(), invoke(target, method, arguments));
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private SQLException death() {
        dead = true;
        return new SQLException("killed at statement " + statements);
    }

    private void requireAlive() throws SQLException {
        if (dead) {
            throw new SQLException("dead since statement " + deadly);
        }
    }
}
