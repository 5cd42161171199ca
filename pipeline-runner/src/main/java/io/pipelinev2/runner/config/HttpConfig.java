package io.pipelinev2.runner.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the dashboard listens: the block {@code http}. It has no access control in this version, so it is for this machine
 * alone.
 *
 * @param host a loopback address
 * @param port 0 for any that is free
 * @param tokenFile always empty in this version
 * @param readOnly whether the dashboard only shows
 */
public record HttpConfig(String host, int port, Optional<Path> tokenFile, boolean readOnly) {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|::1|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
    private static final Rule<String> HOST = new Rule<>(
            host -> LOOPBACK.matcher(host).matches(),
            "a loopback address (127.0.0.1, ::1 or localhost): without an access token the dashboard would be open to"
                    + " everyone, and http.token_file is not available in this version; reach it from elsewhere through an"
                    + " SSH tunnel");
    private static final Rule<Integer> PORT = Rule.between(0, 65_535);
    private static final Rule<Object> NO_TOKEN_FILE =
            new Rule<>(file -> false, "null: access tokens are not available in this version");

    public HttpConfig {
        HOST.require("host", host);
        PORT.require("port", port);
        tokenFile.ifPresent(file -> NO_TOKEN_FILE.require("token_file", file));
    }

    static HttpConfig read(Options options) {
        options.optional("token_file", Kind.TEXT, NO_TOKEN_FILE);
        HttpConfig http = new HttpConfig(
                options.text("host", "127.0.0.1", HOST),
                options.integer("port", 8080, PORT),
                Optional.empty(),
                options.flag("read_only", false, Rule.EITHER));
        options.refuseUnknown();
        return http;
    }
}
