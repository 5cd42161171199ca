package io.pipelinev2.bench;

import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.http.DashboardServer;
import io.pipelinev2.runner.http.DashboardSettings;
import io.pipelinev2.store.SqliteStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** How soon the server answers: every list over a large state, and the status while the machine or the database is busy. */
final class HttpAnswers implements Measure {

    private static final int TRIALS = 50_000;
    private static final int CLIENTS = 200;
    private static final long WORK_MILLIS = 10_000;

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        try (Scratch scratch = Scratch.in(settings)) {
            Path file = scratch.file("pipeline.db");
            Templates.make(file);
            Map<Templates, Integer> copies = new EnumMap<>(Templates.class);
            copies.put(Templates.REJECTED, TRIALS / 10);
            copies.put(Templates.COMPLETED, TRIALS / 10 * 7);
            copies.put(Templates.DUE, TRIALS / 10);
            copies.put(Templates.HELD, TRIALS / 10);
            Multiplied.fill(file, copies);
            try (PipelineStore store = SqliteStore.open(file);
                    DashboardServer server = new DashboardServer(
                            store,
                            new Monitor(store, Duration.ofSeconds(60)),
                            new DashboardSettings("127.0.0.1", 0, true, new RankBy("sharpe")))) {
                String base = "http://127.0.0.1:" + server.start();
                lists(settings, report, base);
                busy(settings, report, base);
                locked(settings, report, base, file);
                crowd(report, base);
            }
        }
    }

    private void lists(Settings settings, Report report, String base) throws Exception {
        for (String query : List.of(
                "",
                "?sort=value&order=desc",
                "?sort=updated&order=desc",
                "?sort=number",
                "?status=failed",
                "?stage=" + NoOp.STAGES.iterator().next(),
                "?stage=" + NoOp.STAGES.iterator().next() + "&stage_status=running",
                "?text=nowhere",
                "?sort=value&order=desc&limit=500")) {
            report.row(
                    "`/api/v1/trials" + query + "`, " + String.format(Locale.ROOT, "%,d", TRIALS) + " trials",
                    times(settings.repeats() / 4, base + "/api/v1/trials" + query)
                            .asDelay());
        }
        String last = base + "/api/v1/trials?limit=500";
        String body = body(last);
        for (int i = 0; i < 60 && next(body) != null; i++) {
            last = base + "/api/v1/trials?limit=500&after=" + next(body);
            body = body(last);
        }
        report.row("the same, 60 pages on", times(settings.repeats() / 4, last).asDelay());
        report.row(
                "`/api/v1/events?limit=500`",
                times(settings.repeats() / 4, base + "/api/v1/events?limit=500").asDelay());
        report.row(
                "`/api/v1/trials/{id}`",
                times(settings.repeats() / 4, base + "/api/v1/trials/777").asDelay());
    }

    private static String next(String body) {
        int at = body.lastIndexOf("\"next\":\"");
        return at < 0 ? null : body.substring(at + 8, body.indexOf('"', at + 8));
    }

    private void busy(Settings settings, Report report, String base) throws Exception {
        AtomicBoolean ends = new AtomicBoolean();
        LongAdder work = new LongAdder();
        List<Thread> threads = workers(work, ends);
        report.row(
                "`/status` while every core computes",
                times(settings.repeats() * 5, base + "/status").asDelay());
        ends.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void locked(Settings settings, Report report, String base, Path file) throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("begin exclusive");
            report.row(
                    "`/status` while another process has the database for itself",
                    times(settings.repeats() * 5, base + "/status").asDelay());
            statement.execute("rollback");
        }
    }

    /** What a computation loses to many who ask all the time, once a second each as dashboards do, and without a pause. */
    private void crowd(Report report, String base) throws Exception {
        List<Double> losses = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            double alone = computed(() -> {});
            AtomicBoolean ends = new AtomicBoolean();
            double beside = computed(() -> {
                for (int i = 0; i < CLIENTS; i++) {
                    asking(base + "/status", ends).start();
                }
            });
            ends.set(true);
            losses.add(100 * (1 - beside / alone));
        }
        losses.sort(null);
        report.row(
                "what a computation on every core loses to " + CLIENTS
                        + " clients that ask for `/status` once a second",
                String.format(Locale.ROOT, "%.1f %% (median of 3)", losses.get(1)));
    }

    private Thread asking(String address, AtomicBoolean ends) {
        Thread thread = new Thread(() -> {
            try {
                while (!ends.get()) {
                    body(address);
                    Thread.sleep(1000);
                }
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        return thread;
    }

    private static double computed(Runnable meanwhile) throws InterruptedException {
        AtomicBoolean ends = new AtomicBoolean();
        LongAdder work = new LongAdder();
        List<Thread> threads = workers(work, ends);
        meanwhile.run();
        Thread.sleep(1000);
        long before = work.sum();
        Thread.sleep(WORK_MILLIS);
        double done = work.sum() - before;
        ends.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        return done;
    }

    private static List<Thread> workers(LongAdder work, AtomicBoolean ends) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                double x = 1;
                while (!ends.get()) {
                    for (int k = 0; k < 100_000; k++) {
                        x = Math.sqrt(x + k);
                    }
                    work.increment();
                }
                if (Double.isNaN(x)) {
                    throw new IllegalStateException("never, and the compiler does not know");
                }
            });
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private Sample times(int repeats, String address) throws Exception {
        for (int i = 0; i < 20; i++) {
            body(address);
        }
        Sample sample = new Sample();
        for (int i = 0; i < Math.max(repeats, 20); i++) {
            long start = System.nanoTime();
            body(address);
            sample.add((System.nanoTime() - start) / 1e6);
        }
        return sample;
    }

    private String body(String address) throws Exception {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    address + " was answered with " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
