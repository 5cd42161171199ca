package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.config.AlertConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * An address of the configuration that is asked over HTTP. No redirection is followed, which could lead a secret elsewhere;
 * what is said of it names its host alone, because the rest may be a secret.
 */
final class OutsideAddress {

    private final String key;
    private final AlertConfig.Address address;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * @param key what the configuration calls it
     * @param timeout how long connecting, and then an answer, may take
     */
    OutsideAddress(String key, AlertConfig.Address address, Duration timeout) {
        this.key = key;
        this.address = address;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
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

    void get() throws InterruptedException {
        send(HttpRequest.newBuilder().GET());
    }

    void post(String json) throws InterruptedException {
        send(HttpRequest.newBuilder()
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private void send(HttpRequest.Builder request) throws InterruptedException {
        URI url = url();
        String host = url.getHost();
        refuseLinkLocal(host);
        int status;
        try {
            status = client.send(
                            request.uri(url)
                                    .timeout(timeout)
                                    .header("User-Agent", "pipeline-v2")
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
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

    /** Services that hand out a machine's credentials listen there. */
    private static void refuseLinkLocal(String host) {
        try {
            for (InetAddress each : InetAddress.getAllByName(host)) {
                if (each.isLinkLocalAddress() || each.isAnyLocalAddress() || each.isMulticastAddress()) {
                    throw new PipelineException(
                            "%s is at %s, where no webhook can be.".formatted(host, each.getHostAddress()));
                }
            }
        } catch (UnknownHostException e) {
            throw new PipelineException(host + " is not known to the name service.");
        }
    }
}
