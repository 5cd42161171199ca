package io.pipelinev2.deploy.papertrading.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One GET, and nothing but a GET. No redirection is followed, which could lead a key elsewhere.
 *
 * <p>By the oldest of the JDK's clients: a trader asks once a bar, and the others keep threads, buffers and classes for it that
 * take a third of a trader's memory. Its reads cannot be interrupted, so they are done by a thread that is left behind when
 * its connection is closed.
 */
final class WebRequest {

    private static final int CHUNK = 1 << 14;

    private final URI address;
    private final Map<String, String> headers;
    private final Duration patience;
    private final int mostBytes;

    /**
     * @param patience how long it may take as a whole, from the connection to the last byte
     * @param mostBytes how long the answer may be
     */
    WebRequest(URI address, Map<String, String> headers, Duration patience, int mostBytes) {
        this.address = address;
        this.headers = Map.copyOf(headers);
        this.patience = patience;
        this.mostBytes = mostBytes;
    }

    /**
     * What the server answers.
     *
     * @throws EndpointException if there is no answer, or none in time, or one that is too long or breaks off
     * @throws InterruptedException if the thread is interrupted, upon which the request is given up
     */
    WebAnswer answer() throws EndpointException, InterruptedException {
        HttpURLConnection connection = connection();
        FutureTask<WebAnswer> exchange = new FutureTask<>(() -> exchange(connection));
        Thread thread = new Thread(exchange, "web request");
        thread.setDaemon(true);
        thread.start();
        try {
            return exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw EndpointException.passing(address.getHost() + " did not answer within " + patience + ".");
        } catch (ExecutionException e) {
            throw failed(Objects.requireNonNull(e.getCause()));
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connection() throws EndpointException {
        int millis = Math.toIntExact(Math.max(1, patience.toMillis()));
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout(millis);
            connection.setReadTimeout(millis);
            connection.setRequestProperty("Connection", "close");
            headers.forEach(connection::setRequestProperty);
            return connection;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private WebAnswer exchange(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("the answer is not HTTP");
        }
        Map<String, String> received = new LinkedHashMap<>();
        connection.getHeaderFields().forEach((name, values) -> {
            if (name != null && !values.isEmpty()) {
                received.put(name, values.get(0));
            }
        });
        byte[] body = status == HttpURLConnection.HTTP_OK ? body(connection) : new byte[0];
        return new WebAnswer(status, received, body);
    }

    private byte[] body(HttpURLConnection connection) throws IOException {
        long promised = connection.getContentLengthLong();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = connection.getInputStream()) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (bytes.size() + read > mostBytes) {
                    throw new IOException("the answer is longer than " + mostBytes + " bytes");
                }
                bytes.write(chunk, 0, read);
            }
        }
        if (promised >= 0 && bytes.size() < promised) {
            throw new IOException("the answer breaks off after %d of %d bytes".formatted(bytes.size(), promised));
        }
        return bytes.toByteArray();
    }

    private EndpointException failed(Throwable cause) {
        return EndpointException.passing(address.getHost() + " cannot be asked: "
                + (cause instanceof IOException && cause.getMessage() != null
                        ? Inert.shown(cause.getMessage())
                        : String.valueOf(cause))
                + ".");
    }
}
