package io.pipelinev2.runner.http;

import io.pipelinev2.deploy.ranking.RankBy;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the dashboard is served.
 *
 * @param host the address to listen on, {@code http.host}; a loopback address or a name of one
 * @param port the port to listen on, {@code http.port}; 0 for any free one
 * @param readOnly whether operator verbs are left out, {@code http.read_only}
 * @param rankBy what trials are ranked by, as the deployer ranks them
 * @param tokenFile where the access token lies; it is made if it is not there. Null if there is none, and then nothing can be
 *     changed
 * @param readTokenFile where the token for reading alone lies; it is made if it is not there. Null if there is none
 * @param readsProtected whether reading needs one of the tokens, too
 * @param names under which names it is reached beside that address, {@code http.names}
 */
public record DashboardSettings(
        String host,
        int port,
        boolean readOnly,
        RankBy rankBy,
        @Nullable Path tokenFile,
        @Nullable Path readTokenFile,
        boolean readsProtected,
        List<String> names) {

    public DashboardSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("http.host must be an address or a name, was empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("http.port must be 0 to 65535, was " + port);
        }
        if (readsProtected && tokenFile == null && readTokenFile == null) {
            throw new IllegalArgumentException(
                    "reading can be protected by a token alone: http.token_file or http.read_token_file must be set");
        }
        names = List.copyOf(names);
    }

    /** For reading alone, by everybody who reaches the address. */
    public DashboardSettings(String host, int port, boolean readOnly, RankBy rankBy) {
        this(host, port, readOnly, rankBy, null, null, false, List.of());
    }

    /** Whether somebody can be let in by a token. */
    boolean hasToken() {
        return tokenFile != null || readTokenFile != null;
    }

    /** Whether whoever has the owner's token may change something. */
    boolean takesChanges() {
        return !readOnly && tokenFile != null;
    }
}
