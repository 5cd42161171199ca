package io.pipelinev2.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps its prepared statements, because SQLite's driver prepares anew each time, which takes a quarter of
 * the time of a short transaction. Closing a statement puts it back; closing the connection closes them all.
 */
final class CachedStatements implements InvocationHandler {

    private static final int MOST = 200;

    private final Connection connection;

    /** Those that nobody uses at present, the least used first. */
    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(16, 0.75f, true);

    private CachedStatements(Connection connection) {
        this.connection = connection;
    }

    static Connection over(Connection connection) {
        return proxy(Connection.class, new CachedStatements(connection));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        boolean prepares = method.getName().equals("prepareStatement") && arguments.length == 1;
        if (!prepares) {
            return call(connection, method, arguments);
        }
        String sql = (String) arguments[0];
        PreparedStatement known = idle.remove(sql);
        PreparedStatement statement = known != null ? known : connection.prepareStatement(sql);
        return proxy(
                PreparedStatement.class,
                (lent, called, with) ->
                        called.getName().equals("close") ? putBack(sql, statement) : call(statement, called, with));
    }

    private @Nullable Object putBack(String sql, PreparedStatement statement) throws SQLException {
        if (statement.isClosed() || idle.containsKey(sql)) {
            statement.close();
            return null;
        }
        // Whoever lent it has closed its result set, and with that has let go of the state that it was reading. Its
        // parameters
        // are not cleared: SQLite prepares a statement anew after that.
        idle.put(sql, statement);
        if (idle.size() > MOST) {
            var eldest = idle.entrySet().iterator();
            eldest.next().getValue().close();
            eldest.remove();
        }
        return null;
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
