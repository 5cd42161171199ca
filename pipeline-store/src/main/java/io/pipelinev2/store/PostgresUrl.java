package io.pipelinev2.store;

import com.zaxxer.hikari.HikariConfig;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is, and as whom it is opened. Its text never shows the password.
 *
 * @param jdbc the JDBC URL, without user and password if they stood before the host
 * @param user the user, or null if the JDBC URL or the environment says
 * @param password the password, or null
 */
record PostgresUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?(?:\\+\\w+)?:(//.*)");
    private static final Pattern SCHEMA = Pattern.compile("[?&]currentSchema=([^&,]+)");
    private static final int CONNECTIONS = 8;
    private static final int PATIENCE_MILLIS = 10_000;

    /**
     * Reads a URL in PostgreSQL's own form or in JDBC's.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static PostgresUrl of(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return new PostgresUrl(url, null, null);
        }
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a PostgreSQL database is given as postgresql://user:password@host:port/database");
        }
        // authority by hand: java.net.URI refuses hosts with an underscore
        URI uri = URI.create(form.group(1));
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String jdbc = "jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath() + query;
        if (at < 0) {
            return new PostgresUrl(jdbc, null, null);
        }
        String[] who = authority.substring(0, at).split(":", 2);
        return new PostgresUrl(jdbc, decoded(who[0]), who.length == 1 ? null : decoded(who[1]));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Its name for people: where it is, not how one gets in. */
    String name() {
        return jdbc.substring("jdbc:".length()).replaceFirst("\\?.*", "");
    }

    /** The schema that it asks for, or null if it leaves that to the server. */
    @Nullable
    String schema() {
        Matcher parameter = SCHEMA.matcher(jdbc);
        return parameter.find() ? decoded(parameter.group(1)) : null;
    }

    /** A connection of its own, outside any pool. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "pipeline-v2");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(jdbc, properties);
    }

    HikariConfig pool() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pipeline-store");
        config.setJdbcUrl(jdbc);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.addDataSourceProperty("ApplicationName", "pipeline-v2");
        return config;
    }

    @Override
    public String toString() {
        return name();
    }
}
