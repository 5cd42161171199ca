package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.config.AlertConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An address of the configuration that is asked over HTTP. No redirection is followed, which could lead a secret elsewhere;
 * what is said of it names its host alone, because the rest may be a secret.
 */
final class OutsideAddress {

    private final String key;
    private final AlertConfig.Address address;
    private final Duration timeout;
    private final PinnedRequest.Resolver resolver;

    /**
     * @param key what the configuration calls it
     * @param timeout how long connecting and an answer may take together
     */
    OutsideAddress(String key, AlertConfig.Address address, Duration timeout) {
        this(key, address, timeout, InetAddress::getAllByName);
    }

    OutsideAddress(String key, AlertConfig.Address address, Duration timeout, PinnedRequest.Resolver resolver) {
        this.key = key;
        this.address = address;
        this.timeout = timeout;
        this.resolver = resolver;
    }

    /**
     * The address.
     *
     * @throws PipelineException if it is in a file that holds none
     */
    URI url() {
        return address.file()
                .map(file -> AlertConfig.url(new SecretFile(key + ".url_file", file).read())
                        .orElseThrow(() -> new PipelineException(
                                "%s.url_file names %s, which must hold an https address (http for this machine alone) without a user name in it."
                                        .formatted(key, file))))
                .or(address::url)
                .orElseThrow(() -> new PipelineException(key + " has no address."));
    }

    void get() {
        send("GET", "", "");
    }

    void post(String json) {
        send("POST", "Content-Type: application/json; charset=utf-8\r\n", json);
    }

    private void send(String method, String headers, String body) {
        URI url = url();
        String host = url.getHost();
        int status;
        try {
            status = new PinnedRequest(url, timeout, resolver)
                    .send(method, headers, body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new PipelineException(
                    "%s cannot be reached (%s).".formatted(host, e.getClass().getSimpleName()));
        }
        if (status >= 300 && status < 400) {
            throw new PipelineException(
                    "%s answered with status %d, a redirection, which is not followed: configure the address that it leads to."
                            .formatted(host, status));
        }
        if (status < 200 || status >= 300) {
            throw new PipelineException("%s answered with status %d.".formatted(host, status));
        }
    }
}
