package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request over HTTP/1.1 to the very address that was found harmless. A client that is given a name looks it up once more, and
 * may be told another address then. No redirection is followed, and no proxy is asked.
 */
final class PinnedRequest {

    private static final int LONGEST_HEAD = 16_384;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final URI url;
    private final Duration timeout;
    private final Resolver resolver;
    private final Clock clock = Clock.system();

    /** Who says at which addresses a host is. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    PinnedRequest(URI url, Duration timeout, Resolver resolver) {
        this.url = url;
        this.timeout = timeout;
        this.resolver = resolver;
    }

    /**
     * Sends it, and reads the answer's head.
     *
     * @param headers each line with its end, without those that belong to the connection
     * @return the status
     * @throws PipelineException if the host is not known, or at an address where no webhook can be
     * @throws IOException if it cannot be reached, or answers with something else than HTTP
     */
    int send(String method, String headers, byte[] body) throws IOException {
        long deadline = clock.nanoTime() + timeout.toNanos();
        try (Socket socket = connect(deadline)) {
            socket.getOutputStream().write(request(method, headers, body));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            int status;
            do {
                status = status(socket, in, deadline);
            } while (status < 200);
            return status;
        }
    }

    private byte[] request(String method, String headers, byte[] body) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        String authority = url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
        String length = method.equals("GET") ? "" : "Content-Length: " + body.length + "\r\n";
        byte[] head = (method + " " + target + " HTTP/1.1\r\nHost: " + authority
                        + "\r\nConnection: close\r\nUser-Agent: pipeline-v2\r\n" + headers + length + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private Socket connect(long deadline) throws IOException {
        boolean tls = url.getScheme().equalsIgnoreCase("https");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS : HTTP;
        IOException failure = new IOException("no address");
        for (InetAddress address : harmless()) {
            // of a channel, so that an interruption ends it
            Socket plain = SocketChannel.open().socket();
            try {
                plain.connect(new InetSocketAddress(address, port), remaining(deadline));
                plain.setSoTimeout(remaining(deadline));
                return tls ? secured(plain, port) : plain;
            } catch (IOException e) {
                plain.close();
                failure = e;
            }
        }
        throw failure;
    }

    /** The certificate must be for the name, whatever the address. */
    private Socket secured(Socket plain, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, url.getHost(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Services that hand out a machine's credentials listen at link-local addresses. */
    private List<InetAddress> harmless() {
        String host = url.getHost();
        try {
            List<InetAddress> all = List.of(resolver.resolve(host));
            for (InetAddress each : all) {
                if (each.isLinkLocalAddress() || each.isAnyLocalAddress() || each.isMulticastAddress()) {
                    throw new PipelineException(
                            "%s is at %s, where no webhook can be.".formatted(host, each.getHostAddress()));
                }
            }
            return all;
        } catch (UnknownHostException e) {
            throw new PipelineException(host + " is not known to the name service.");
        }
    }

    private int remaining(long deadline) throws SocketTimeoutException {
        long millis = (deadline - clock.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("too late");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** The status of one answer, whose head is read to its end. */
    private int status(Socket socket, InputStream in, long deadline) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            socket.setSoTimeout(remaining(deadline));
            int next = in.read();
            if (next < 0 || head.length() > LONGEST_HEAD) {
                break;
            }
            head.append((char) next);
        }
        if (!head.toString().matches("(?s)HTTP/1\\.[01] [1-9]\\d\\d( .*|\\r\\n.*)")) {
            throw new IOException("no answer of HTTP");
        }
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
}
