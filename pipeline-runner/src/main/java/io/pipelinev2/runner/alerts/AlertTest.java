package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells channels that this is only a test, one after the other, and waits for each. */
public final class AlertTest {

    private static final Logger LOG = LoggerFactory.getLogger(AlertTest.class);

    private AlertTest() {}

    /**
     * Tells all of them.
     *
     * @param source what is said of where it comes from
     * @param resources what is closed afterwards
     * @return why each failed, by name; empty text for those that did not
     */
    public static Map<String, String> tell(
            List<OpenChannel> channels,
            List<DeadManPing> pings,
            Clock clock,
            String source,
            List<AutoCloseable> resources) {
        Instant now = clock.now();
        AlertNotice notice = new AlertNotice(
                AlertNotice.Kind.OPENED,
                0,
                "test",
                "",
                AlertNotice.Severity.WARNING,
                "This is a test: nothing is wrong, and there is nothing to do.",
                now,
                now,
                null,
                source);
        Map<String, String> results = new LinkedHashMap<>();
        for (OpenChannel channel : channels) {
            results.put(channel.name(), told(channel, notice));
        }
        for (DeadManPing ping : pings) {
            String error = ping.ping();
            results.put(ping.name(), error == null ? "" : error);
        }
        resources.forEach(AlertTest::close);
        return results;
    }

    private static String told(OpenChannel channel, AlertNotice notice) {
        FutureTask<String> call = new FutureTask<>(() -> {
            channel.channel().send(notice);
            return "";
        });
        Thread thread = new Thread(call, "alert-test");
        thread.setDaemon(true);
        thread.start();
        try {
            return call.get(channel.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return ChannelLine.words(e.getCause());
        } catch (TimeoutException e) {
            call.cancel(true);
            return "it took longer than %d s (timeout)"
                    .formatted(channel.timeout().toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn(RunnerLogCode.NOT_CLOSED, "An alert channel was closed with an error", e);
        }
    }
}
