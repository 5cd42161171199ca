package io.pipelinev2.runner.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.Alert.Notice;
import io.pipelinev2.core.store.Alert.Severity;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.alerts.AlertNotice.Kind;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of notices whose channel fails or hangs. */
@Timeout(60)
class ChannelLineTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private PipelineStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory.resolve("state.db"), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Alert post(String subject, String channel) {
        return store.write(tx -> {
            Alert alert = tx.insert(Alert.opened("drift", subject, Severity.WARNING, "drifts", clock.now()));
            tx.put(new Alert.Delivery(alert.id(), channel, Notice.OPENED, clock.now(), 0, clock.now(), null, null));
            return alert;
        });
    }

    private ChannelLine line(String name, Duration timeout, AlertChannel channel) {
        OpenChannel open = AlertBookTest.channel(name, Severity.WARNING, channel);
        return new ChannelLine(
                new OpenChannel(name, open.rules(), open.least(), timeout, channel), store, clock, Thread::new, "here");
    }

    private Alert.Delivery delivery(Alert alert) {
        return store.<List<Alert.Delivery>>read(tx -> tx.deliveries(alert.id())).get(0);
    }

    private Alert.Channel channel() {
        return store.<List<Alert.Channel>>read(tx -> tx.alertChannels()).get(0);
    }

    @Test
    void a_failing_channel_is_tried_again_after_waits_that_double() {
        Alert alert = post("ppo/1", "mail");
        AtomicInteger calls = new AtomicInteger();
        ChannelLine line = line("mail", Duration.ofSeconds(30), notice -> {
            if (calls.incrementAndGet() < 4) {
                throw new java.io.IOException("no route \u001b[31m to host");
            }
        });
        List<Integer> seconds = new ArrayList<>();
        for (int second = 0; second <= 100; second++) {
            int before = calls.get();
            line.deliverDue();
            if (calls.get() > before) {
                seconds.add(second);
            }
            if (calls.get() == 1) {
                assertThat(delivery(alert).error()).isEqualTo("IOException: no route \\u001b[31m to host");
                assertThat(channel().isFailing()).isTrue();
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(seconds).containsExactly(0, 10, 30, 70);
        assertThat(delivery(alert).deliveredAt()).isNotNull();
        assertThat(delivery(alert).dueAt()).isNull();
        assertThat(delivery(alert).attempts()).isEqualTo(4);
        assertThat(channel().isFailing()).isFalse();
    }

    @Test
    void in_the_end_it_is_given_up_for_that_alert_and_says_why() {
        Alert alert = post("ppo/1", "mail");
        ChannelLine line = line("mail", Duration.ofSeconds(30), notice -> {
            throw new NoClassDefFoundError("javax/mail/Gone");
        });
        for (int i = 0; i < 2 * ChannelLine.MOST_ATTEMPTS; i++) {
            line.deliverDue();
            clock.advance(ChannelLine.LONGEST_WAIT);
        }
        assertThat(delivery(alert).attempts()).isEqualTo(ChannelLine.MOST_ATTEMPTS);
        assertThat(delivery(alert).dueAt()).isNull();
        assertThat(delivery(alert).error()).contains("javax/mail/Gone");
    }

    @Test
    void a_hanging_channel_keeps_one_thread_and_nobody_else() throws Exception {
        post("ppo/1", "hanging");
        post("ppo/2", "hanging");
        Alert other = post("ppo/3", "fine");
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        ChannelLine hanging = line("hanging", Duration.ofMillis(50), notice -> {
            calls.incrementAndGet();
            boolean ended = false;
            while (!ended) {
                try {
                    end.await();
                    ended = true;
                } catch (InterruptedException e) {
                    // deaf
                }
            }
        });
        hanging.deliverDue();
        clock.advance(Duration.ofHours(1));
        hanging.deliverDue();
        hanging.deliverDue();
        assertThat(calls).hasValue(1);
        assertThat(channel().error()).contains("took longer than");

        line("fine", Duration.ofSeconds(30), notice -> {}).deliverDue();
        assertThat(delivery(other).deliveredAt()).isNotNull();

        end.countDown();
        await().untilAsserted(() -> {
            hanging.deliverDue();
            assertThat(calls).hasValueGreaterThan(1);
        });
    }

    @Test
    void what_was_replaced_while_it_was_told_stays_to_be_told() {
        Alert alert = post("ppo/1", "slow");
        List<Kind> told = new ArrayList<>();
        ChannelLine line = line("slow", Duration.ofSeconds(30), notice -> {
            told.add(notice.kind());
            if (notice.kind() == Kind.OPENED) {
                store.write(tx -> {
                    tx.put(new Alert.Delivery(
                            alert.id(), "slow", Notice.RESOLVED, clock.now(), 0, clock.now(), null, null));
                    return null;
                });
            }
        });
        line.deliverDue();
        line.deliverDue();
        line.deliverDue();
        assertThat(told).containsExactly(Kind.OPENED, Kind.RESOLVED);
    }

    @Test
    void very_many_at_once_are_told_as_one_and_each_counts_as_told() {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            alerts.add(post("ppo/" + i, "mail"));
        }
        List<AlertNotice> told = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        ChannelLine line = line("mail", Duration.ofSeconds(30), notice -> {
            if (calls.incrementAndGet() == 1) {
                throw new java.io.IOException("no route to host");
            }
            told.add(notice);
        });

        line.deliverDue();
        assertThat(alerts)
                .allSatisfy(alert -> assertThat(delivery(alert).error()).contains("no route"));
        clock.advance(ChannelLine.FIRST_WAIT);
        line.deliverDue();
        line.deliverDue();

        assertThat(told).hasSize(1);
        assertThat(told.get(0).title()).isEqualTo("[PAPER pipeline] warning: several 50 alerts");
        assertThat(told.get(0).message())
                .startsWith("50 alerts began at once: ")
                .contains("warning drift ppo/0;", "and 30 more", "`alerts` lists them all");
        assertThat(alerts).allSatisfy(alert -> {
            assertThat(delivery(alert).deliveredAt()).isNotNull();
            assertThat(delivery(alert).dueAt()).isNull();
            assertThat(delivery(alert).attempts()).isEqualTo(2);
        });
    }

    @Test
    void a_few_are_told_one_by_one_and_so_are_all_to_the_log() {
        for (int i = 0; i < Digest.MORE_THAN; i++) {
            post("ppo/" + i, "mail");
        }
        List<AlertNotice> told = new ArrayList<>();
        line("mail", Duration.ofSeconds(30), told::add).deliverDue();
        assertThat(told)
                .hasSize(Digest.MORE_THAN)
                .allMatch(notice -> notice.rule().equals("drift"));

        Alert last = null;
        for (int i = 0; i <= Digest.MORE_THAN; i++) {
            last = post("lstm/" + i, "log");
        }
        line("log", Duration.ofSeconds(30), new LogChannel()).deliverDue();
        assertThat(delivery(last).deliveredAt()).isNotNull();
    }

    @Test
    void what_cannot_be_stored_is_told_without_the_store() {
        List<AlertNotice> told = new ArrayList<>();
        ChannelLine line = line("mail", Duration.ofSeconds(30), told::add);
        StoreOutage outage = new StoreOutage(clock, "here", line::tell);
        for (int minute = 0; minute < 8 * 60; minute++) {
            outage.failed(new IllegalStateException("disk I/O error"));
            line.deliverDue();
            clock.advance(Duration.ofMinutes(1));
        }
        outage.over();
        line.deliverDue();
        line.deliverDue();
        assertThat(told)
                .extracting(AlertNotice::kind)
                .containsExactly(Kind.OPENED, Kind.REMINDER, Kind.REMINDER, Kind.REMINDER, Kind.RESOLVED);
        assertThat(told.get(0).message()).contains("disk I/O error").contains("Traders go on");
    }
}
