package io.pipelinev2.runner.http;

import io.pipelinev2.deploy.ranking.RankBy;

/**
 * How the dashboard is served.
 *
 * @param host the address to listen on, {@code http.host}; a loopback address or a name of one
 * @param port the port to listen on, {@code http.port}; 0 for any free one
 * @param readOnly whether operator verbs are left out, {@code http.read_only}
 * @param rankBy what trials are ranked by, as the deployer ranks them
 */
public record DashboardSettings(String host, int port, boolean readOnly, RankBy rankBy) {

    public DashboardSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("http.host must be an address or a name, was empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("http.port must be 0 to 65535, was " + port);
        }
    }
}
