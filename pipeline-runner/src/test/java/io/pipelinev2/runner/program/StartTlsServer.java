package io.pipelinev2.runner.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server that takes nothing before STARTTLS (RFC 3207), and keeps what it is sent after it. */
final class StartTlsServer implements AutoCloseable {

    private final ServerSocket socket;
    private final SSLContext tls;

    /** The messages, each with its envelope before it. */
    final List<String> received = new CopyOnWriteArrayList<>();

    /** What was said before encryption. */
    final List<String> inTheClear = new CopyOnWriteArrayList<>();

    StartTlsServer(SSLContext tls) throws IOException {
        this.tls = tls;
        this.socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "mail");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                greet(client);
            } catch (IOException e) {
                // the client has gone, as one does that does not trust the certificate; or the test is over
                continue;
            }
        }
    }

    private void greet(Socket client) throws IOException {
        Talk plain = new Talk(client);
        plain.say("220 test");
        for (String line = plain.hear(); line != null; line = plain.hear()) {
            inTheClear.add(line);
            if (line.toUpperCase(Locale.ROOT).startsWith("STARTTLS")) {
                plain.say("220 go ahead");
                SSLSocket secured =
                        (SSLSocket) tls.getSocketFactory().createSocket(client, null, client.getPort(), true);
                secured.setUseClientMode(false);
                secured.startHandshake();
                take(new Talk(secured));
                return;
            }
            plain.say(
                    line.toUpperCase(Locale.ROOT).startsWith("EHLO")
                            ? "250-test\r\n250 STARTTLS"
                            : "530 first STARTTLS");
        }
    }

    private void take(Talk talk) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = talk.hear(); line != null; line = talk.hear()) {
            message.append(line).append('\n');
            if (line.equals("DATA")) {
                talk.say("354 go ahead");
                for (String text = talk.hear(); text != null && !text.equals("."); text = talk.hear()) {
                    message.append(text).append('\n');
                }
                received.add(message.toString());
            }
            talk.say(line.equals("QUIT") ? "221 bye" : "250 ok");
        }
    }

    /** Lines to and from a client. */
    private static final class Talk {
        private final Socket socket;
        private final BufferedReader in;

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }

        String hear() throws IOException {
            return in.readLine();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
