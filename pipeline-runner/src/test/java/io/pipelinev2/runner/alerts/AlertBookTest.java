package io.pipelinev2.runner.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.Alert.Severity;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.alerts.AlertNotice.Kind;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When something is said of an alert: on a real file, with time in the test's hands. */
class AlertBookTest {

    private static final Operator ANNA = new Operator("anna", "cli");
    private static final Condition LOOP =
            Condition.lasting(AlertRule.CRASH_LOOP, "ppo/1", Severity.CRITICAL, "died too often");
    private static final Condition SLOW = Condition.passing(AlertRule.HEALTH, "database", Severity.WARNING, "slow");

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<AlertNotice> told = new ArrayList<>();
    private PipelineStore store;
    private AlertBook book;
    private ChannelLine line;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory.resolve("state.db"), clock);
        OpenChannel channel = channel("all", Severity.WARNING, told::add);
        book = new AlertBook(store, (tx, now) -> List.copyOf(conditions), List.of(channel));
        line = new ChannelLine(channel, store, clock, Thread::new, "here");
    }

    @AfterEach
    void close() {
        store.close();
    }

    static OpenChannel channel(String name, Severity least, AlertChannel channel) {
        Set<String> rules = Stream.of(AlertRule.values()).map(AlertRule::label).collect(Collectors.toSet());
        return new OpenChannel(name, rules, least, Duration.ofSeconds(30), channel);
    }

    private void restart() {
        store.close();
        open();
    }

    /** A look after some time, and what was said by it. */
    private List<Kind> after(Duration time) {
        clock.advance(time);
        book.look();
        told.clear();
        line.deliverDue();
        return told.stream().map(AlertNotice::kind).toList();
    }

    /** What was said in so many minutes, a look in each. */
    private List<Long> minutesOfNotices(int minutes, Kind kind) {
        List<Long> at = new ArrayList<>();
        for (long minute = 1; minute <= minutes; minute++) {
            if (after(Duration.ofMinutes(1)).contains(kind)) {
                at.add(minute);
            }
        }
        return at;
    }

    private List<Alert> open(PipelineStore from) {
        return from.read(tx -> tx.openAlerts());
    }

    private List<Alert> all() {
        return store.read(tx -> tx.alerts(100));
    }

    private List<Event> events() {
        return store.read(tx -> tx.events(null, 10));
    }

    @Test
    void it_is_said_once_and_again_at_intervals_that_double_up_to_a_day() {
        conditions.add(LOOP);

        assertThat(after(Duration.ZERO)).containsExactly(Kind.OPENED);
        assertThat(told.get(0).title()).isEqualTo("[PAPER pipeline] critical: crash_loop ppo/1");
        // after 1, 2, 4, 8 and 16 hours, then every 24
        assertThat(minutesOfNotices(6_200, Kind.REMINDER))
                .containsExactly(60L, 180L, 420L, 900L, 1_860L, 3_300L, 4_740L, 6_180L);
    }

    @Test
    void a_restart_neither_forgets_nor_repeats() {
        conditions.add(LOOP);
        assertThat(after(Duration.ZERO)).containsExactly(Kind.OPENED);
        restart();
        assertThat(after(Duration.ofMinutes(30))).isEmpty();
        restart();
        assertThat(after(Duration.ofMinutes(30))).containsExactly(Kind.REMINDER);
        restart();
        assertThat(after(Duration.ofMinutes(119))).isEmpty();
        assertThat(after(Duration.ofMinutes(1))).containsExactly(Kind.REMINDER);

        // gone while nobody looked
        conditions.clear();
        restart();
        assertThat(after(Duration.ofDays(2))).isEmpty();
        restart();
        assertThat(after(AlertBook.SETTLED)).containsExactly(Kind.RESOLVED);
        assertThat(after(Duration.ofDays(2))).isEmpty();
        assertThat(open(store)).isEmpty();
    }

    @Test
    void what_was_to_be_said_when_the_program_ended_is_said_after_the_next_start() {
        conditions.add(LOOP);
        book.look();
        restart();
        told.clear();
        line.deliverDue();
        line.deliverDue();
        assertThat(told).extracting(AlertNotice::kind).containsExactly(Kind.OPENED);
    }

    @Test
    void there_is_one_alert_for_each_rule_and_subject() {
        conditions.add(LOOP);
        conditions.add(LOOP);
        conditions.add(Condition.lasting(AlertRule.CRASH_LOOP, "ppo/2", Severity.CRITICAL, "died too often"));
        conditions.add(Condition.lasting(AlertRule.DRIFT, "ppo/1", Severity.WARNING, "drifts"));

        assertThat(after(Duration.ZERO)).hasSize(3);
        assertThat(after(Duration.ofMinutes(1))).isEmpty();
        assertThat(open(store)).hasSize(3);
        assertThat(events())
                .extracting(Event::type)
                .containsOnly(EventType.ALERT_OPENED)
                .hasSize(3);
    }

    @Test
    void what_may_be_over_in_a_moment_is_said_when_it_was_seen_twice() {
        conditions.add(SLOW);
        assertThat(after(Duration.ZERO)).isEmpty();
        conditions.clear();
        assertThat(after(Duration.ofMinutes(1))).isEmpty();
        conditions.add(SLOW);
        assertThat(after(Duration.ofMinutes(1))).isEmpty();
        assertThat(after(Duration.ofMinutes(1))).containsExactly(Kind.OPENED);
    }

    @Test
    void what_comes_and_goes_is_said_once_an_hour_at_most() {
        List<Kind> all = new ArrayList<>();
        for (int minute = 0; minute < 6 * 60; minute++) {
            conditions.clear();
            if (minute % 10 < 5) {
                conditions.add(LOOP);
            }
            all.addAll(after(Duration.ofMinutes(1)));
        }
        assertThat(all).hasSizeBetween(6, 13);
        assertThat(all()).hasSize(1);
    }

    @Test
    void long_after_it_was_over_it_is_another_alert() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        conditions.clear();
        after(Duration.ofMinutes(1));
        assertThat(after(Duration.ofMinutes(2))).containsExactly(Kind.RESOLVED);
        conditions.add(LOOP);
        assertThat(after(AlertBook.RELAPSE)).containsExactly(Kind.OPENED);
        assertThat(all()).hasSize(2);
    }

    @Test
    void what_gets_worse_is_said_at_once_and_was_not_acknowledged_yet() {
        conditions.add(Condition.lasting(AlertRule.DISK, "", Severity.WARNING, "nearly full"));
        after(Duration.ZERO);
        new AlertCommands(store).acknowledge(open(store).get(0).id(), ANNA);
        assertThat(minutesOfNotices(600, Kind.REMINDER)).isEmpty();

        conditions.set(0, Condition.lasting(AlertRule.DISK, "", Severity.CRITICAL, "full"));
        assertThat(after(Duration.ofMinutes(1))).containsExactly(Kind.REMINDER);
        assertThat(told.get(0).message()).isEqualTo("full");
        assertThat(open(store).get(0).acknowledgedBy()).isNull();
    }

    @Test
    void nobody_is_reminded_of_what_is_acknowledged_and_all_are_told_that_it_is_over() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        Alert alert = open(store).get(0);
        assertThat(new AlertCommands(store).acknowledge(alert.id(), ANNA)).contains("crash_loop ppo/1");
        restart();

        assertThat(minutesOfNotices(3_000, Kind.REMINDER)).isEmpty();
        conditions.clear();
        after(Duration.ofMinutes(1));
        assertThat(after(Duration.ofMinutes(2))).containsExactly(Kind.RESOLVED);
        assertThat(events())
                .extracting(Event::type, Event::actor)
                .contains(tuple(EventType.OPERATOR_ACKNOWLEDGE, "anna"));
        assertThatThrownBy(() -> new AlertCommands(store).acknowledge(alert.id(), ANNA))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is over since");
        assertThatThrownBy(() -> new AlertCommands(store).acknowledge(99, ANNA))
                .isInstanceOf(AlertCommands.AlertNotFoundException.class);
    }

    @Test
    void nothing_is_said_while_it_is_silenced_and_the_news_afterwards() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        new AlertCommands(store).silence(open(store).get(0).id(), Duration.ofHours(5), ANNA);
        restart();

        assertThat(minutesOfNotices(299, Kind.REMINDER)).isEmpty();
        assertThat(after(Duration.ofMinutes(1))).containsExactly(Kind.REMINDER);
    }

    @Test
    void a_silence_holds_for_the_same_matter_when_it_begins_anew() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        new AlertCommands(store).silence(open(store).get(0).id(), Duration.ofHours(5), ANNA);
        conditions.clear();
        assertThat(after(Duration.ofMinutes(1))).isEmpty();
        assertThat(after(Duration.ofMinutes(2))).isEmpty();
        conditions.add(LOOP);
        assertThat(after(Duration.ofHours(2))).isEmpty();
        assertThat(all()).hasSize(2);
        assertThat(after(Duration.ofHours(3))).containsExactly(Kind.OPENED);
    }

    @Test
    void an_ended_silence_lets_it_be_heard_at_once() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        long id = open(store).get(0).id();
        new AlertCommands(store).silence(id, Duration.ofHours(5), ANNA);
        new AlertCommands(store).silence(id, Duration.ZERO, ANNA);
        assertThat(after(Duration.ofMinutes(1))).containsExactly(Kind.REMINDER);
    }

    @Test
    void a_channel_is_told_of_what_it_wants_and_that_it_is_over_only_then() {
        List<AlertNotice> grave = new ArrayList<>();
        List<AlertNotice> drift = new ArrayList<>();
        OpenChannel critical = channel("critical", Severity.CRITICAL, grave::add);
        OpenChannel ofDrift =
                new OpenChannel("drift", Set.of("drift"), Severity.WARNING, Duration.ofSeconds(30), drift::add);
        AlertBook both = new AlertBook(store, (tx, now) -> List.copyOf(conditions), List.of(critical, ofDrift));
        conditions.add(LOOP);
        conditions.add(Condition.lasting(AlertRule.DRIFT, "ppo/2", Severity.WARNING, "drifts"));
        both.look();
        conditions.clear();
        both.look();
        clock.advance(AlertBook.SETTLED);
        both.look();
        for (OpenChannel each : List.of(critical, ofDrift)) {
            new ChannelLine(each, store, clock, Thread::new, "here").deliverDue();
        }

        // what nobody could be told in time is told once, as it then stands
        assertThat(grave)
                .extracting(AlertNotice::rule, AlertNotice::kind)
                .containsExactly(tuple("crash_loop", Kind.RESOLVED));
        assertThat(drift)
                .extracting(AlertNotice::rule, AlertNotice::kind)
                .containsExactly(tuple("drift", Kind.RESOLVED));
    }

    @Test
    void a_look_at_what_is_known_already_writes_nothing() {
        conditions.add(LOOP);
        after(Duration.ZERO);
        long before = store.version().orElseThrow();
        book.look();
        clock.advance(Duration.ofMinutes(1));
        book.look();
        assertThat(store.version().orElseThrow()).isEqualTo(before);
    }
}
