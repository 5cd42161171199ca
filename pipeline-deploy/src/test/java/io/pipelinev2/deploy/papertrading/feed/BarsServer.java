package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.core.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real server in the shape of Alpaca's crypto bars, on sockets of its own, because it must be able to do what a server
 * should not: to answer late, wrongly, by halves or never.
 */
final class BarsServer implements AutoCloseable {

    /** One request. */
    record Request(String line, Map<String, String> query, Map<String, String> headers) {}

    /** What is wrong with one answer; null bodies are those of the market. */
    record Fault(int status, String header, String body, boolean hangs, boolean cut) {
        static Fault status(int status, String header) {
            return new Fault(status, header, "{\"message\":\"no\"}", false, false);
        }

        static Fault body(String body) {
            return new Fault(200, "", body, false, false);
        }

        static final Fault HANGS = new Fault(200, "", null, true, false);
        static final Fault CUT = new Fault(200, "", null, false, true);
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    final Set<String> missing = ConcurrentHashMap.newKeySet();
    final Map<String, double[]> revised = new ConcurrentHashMap<>();
    volatile Duration ahead = Duration.ZERO;
    volatile Duration delay = Duration.ZERO;
    volatile boolean shuffled;
    volatile boolean twice;
    volatile int page = Integer.MAX_VALUE;

    private final Walk walk;
    private final Clock clock;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    BarsServer(Walk walk, Clock clock) throws IOException {
        this.walk = walk;
        this.clock = clock;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1beta3/crypto/us/bars");
    }

    static String symbol(String asset) {
        return asset + "/USD";
    }

    static Map<String, String> symbols() {
        Map<String, String> symbols = new LinkedHashMap<>();
        Walk.ASSETS.forEach(asset -> symbols.put(asset, symbol(asset)));
        return symbols;
    }

    void withhold(String asset, int row) {
        missing.add(asset + row);
    }

    void publish(String asset, int row) {
        missing.remove(asset + row);
    }

    void revise(String asset, int row, double[] bar) {
        revised.put(asset + row, bar);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                daemon(() -> answer(socket));
            }
        } catch (IOException closed) {
            // as it ends
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            Request request = read(socket);
            Fault fault = faults.poll();
            requests.add(request);
            if (fault != null && fault.hangs()) {
                // until the other side gives up, or the test ends
                write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"bars\":");
                socket.getInputStream().read();
                return;
            }
            String body = fault == null || fault.body() == null ? bars(request) : fault.body();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    clock.now().plus(ahead).atOffset(ZoneOffset.UTC));
            write(
                    socket,
                    "HTTP/1.1 " + (fault == null ? 200 : fault.status()) + " X\r\nDate: " + date
                            + "\r\nConnection: close\r\nContent-Length: " + bytes.length + "\r\n"
                            + (fault == null || fault.header().isEmpty() ? "" : fault.header() + "\r\n") + "\r\n");
            int length = fault != null && fault.cut() ? bytes.length / 2 : bytes.length;
            socket.getOutputStream().write(bytes, 0, length);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // the other side is gone
        } finally {
            open.remove(socket);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static Request read(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String first = in.readLine();
        if (first == null) {
            throw new IOException("no request");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            headers.put(
                    line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        Map<String, String> query = new HashMap<>();
        String target = first.split(" ")[1];
        Arrays.stream(target.substring(target.indexOf('?') + 1).split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return new Request(first, query, headers);
    }

    /** The market as it is published, with the bar that is not over yet, as endpoints do. */
    private String bars(Request request) {
        Instant from = Instant.parse(request.query().get("start"));
        Instant now = clock.now().plus(ahead).minus(delay);
        Instant to = request.query().containsKey("end")
                ? Instant.parse(request.query().get("end"))
                : now;
        List<String[]> all = new ArrayList<>();
        for (int asset = 0; asset < Walk.ASSETS.size(); asset++) {
            for (int row = 0; row < walk.size(); row++) {
                String key = Walk.ASSETS.get(asset) + row;
                if (walk.time(row).isBefore(from)
                        || walk.time(row).isAfter(to)
                        || walk.time(row).isAfter(now)
                        || (!delay.isZero() && walk.time(row + 1).isAfter(now))
                        || missing.contains(key)) {
                    continue;
                }
                double[] bar = revised.getOrDefault(key, walk.bar(asset, row));
                String json = "{\"t\":\"%s\",\"o\":%s,\"h\":%s,\"l\":%s,\"c\":%s,\"v\":%s,\"n\":1,\"vw\":1}"
                        .formatted(walk.time(row), bar[0], bar[1], bar[2], bar[3], bar[4]);
                for (int i = 0; i < (twice ? 2 : 1); i++) {
                    all.add(new String[] {symbol(Walk.ASSETS.get(asset)), json});
                }
            }
        }
        int at = Integer.parseInt(request.query().getOrDefault("page_token", "0"));
        int end = (int) Math.min(all.size(), (long) at + page);
        Map<String, List<String>> bySymbol = new LinkedHashMap<>();
        all.subList(at, end)
                .forEach(pair -> bySymbol.computeIfAbsent(pair[0], s -> new ArrayList<>())
                        .add(pair[1]));
        if (shuffled) {
            bySymbol.values().forEach(list -> Collections.shuffle(list, new Random(1)));
        }
        StringBuilder text = new StringBuilder("{\"bars\":{");
        bySymbol.forEach((symbol, list) -> text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
                .append('"')
                .append(symbol)
                .append("\":[")
                .append(String.join(",", list))
                .append(']'));
        return text.append("},\"next_page_token\":")
                .append(end < all.size() ? "\"" + end + "\"" : "null")
                .append('}')
                .toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
