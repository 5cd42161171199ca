package io.pipelinev2.runner.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the dashboard listens, and who may use it: the block {@code http}.
 *
 * @param host a loopback address
 * @param port 0 for any that is free
 * @param tokenFile where the access token lies, relative to the home; if it is named, reading needs a token, too
 * @param readTokenFile where the token for reading alone lies, relative to the home; if it is named, reading needs a token
 * @param readOnly whether the dashboard only shows
 * @param names by which it may be addressed beside loopback names, by a proxy for instance
 */
public record HttpConfig(
        String host,
        int port,
        Optional<Path> tokenFile,
        Optional<Path> readTokenFile,
        boolean readOnly,
        List<String> names) {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|::1|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Rule<String> HOST = new Rule<>(
            host -> LOOPBACK.matcher(host).matches(),
            "a loopback address (127.0.0.1, ::1 or localhost), because what it says is not encrypted; reach it from"
                    + " elsewhere through an SSH tunnel, or a proxy with TLS and http.names");
    private static final Rule<Integer> PORT = Rule.between(0, 65_535);
    private static final Rule<String> HOST_NAME =
            new Rule<>(name -> NAME.matcher(name).matches(), "a host's name without scheme and port");
    private static final Rule<List<String>> NAMES = new Rule<>(
            names -> names.stream().allMatch(HOST_NAME.holds()), "a list of hosts' names without scheme and port");
    private static final String TOKEN_FOR_NAMES =
            "set, because http.names lets others than this machine's users reach the dashboard";

    public HttpConfig {
        HOST.require("host", host);
        PORT.require("port", port);
        names = List.copyOf(names);
        NAMES.require("names", names);
        if (!names.isEmpty() && tokenFile.isEmpty() && readTokenFile.isEmpty()) {
            throw new IllegalArgumentException("token_file was not set but must be " + TOKEN_FOR_NAMES);
        }
    }

    static HttpConfig read(Options options) {
        Optional<Path> tokenFile =
                options.optional("token_file", Kind.TEXT, Rule.PATH).map(Path::of);
        Optional<Path> readTokenFile =
                options.optional("read_token_file", Kind.TEXT, Rule.PATH).map(Path::of);
        String host = options.text("host", "127.0.0.1", HOST);
        int port = options.integer("port", 8080, PORT);
        boolean readOnly = options.flag("read_only", false, Rule.EITHER);
        List<String> names = options.value("names", List.of(), Kind.TEXT.list(), NAMES);
        options.refuseUnknown();
        if (tokenFile.isPresent() && tokenFile.equals(readTokenFile)) {
            options.refuse(
                    "read_token_file", "another file than http.token_file: who has the one must not have the other");
            readTokenFile = Optional.empty();
        }
        if (!names.isEmpty() && tokenFile.isEmpty() && readTokenFile.isEmpty()) {
            options.refuse(
                    "names",
                    "empty unless http.token_file is set (or http.read_token_file): others than this machine's users"
                            + " could reach it");
            names = List.of();
        }
        return new HttpConfig(host, port, tokenFile, readTokenFile, readOnly, names);
    }

    /** Whether reading needs a token. */
    public boolean readsProtected() {
        return tokenFile.isPresent() || readTokenFile.isPresent();
    }
}
