package io.pipelinev2.bench;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/** Counts the statements that write, as they are prepared: db-scheduler prepares each one anew. */
final class CountedStatements {

    private final DataSource source;
    private final LongAdder writes = new LongAdder();

    CountedStatements(DataSource source) {
        this.source = source;
    }

    long writes() {
        return writes.sum();
    }

    DataSource source() {
        return proxy(DataSource.class, source, (method, arguments, result) -> {
            return result instanceof Connection connection ? counted(connection) : result;
        });
    }

    private Connection counted(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments, result) -> {
            if (method.equals("prepareStatement") && isWrite((String) arguments[0])) {
                writes.increment();
            }
            return result;
        });
    }

    private static boolean isWrite(String sql) {
        String start = sql.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("insert") || start.startsWith("update") || start.startsWith("delete");
    }

    @FunctionalInterface
    private interface After {
        Object called(String method, Object[] arguments, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                return after.called(method.getName(), arguments, method.invoke(target, arguments));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
