package io.pipelinev2.core.monitoring.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts of all that was ever reported. */
class MonitorTest {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final ManualClock clock = new ManualClock();
    private final PipelineStore store = new InMemoryPipelineStore(clock);
    private final Monitor monitor = new Monitor(store, INTERVAL);

    private void begin(String... checks) {
        monitor.begin(List.of(HealthReport.MANAGER, HealthReport.DISCOVERY), List.of("backtest"));
        monitor.report(HealthReport.DISCOVERY, HealthStatus.HEALTHY, "started");
        monitor.join(List.of(checks));
    }

    private void hours(int hours, String... heardOf) {
        for (int minute = 0; minute < hours * 60; minute++) {
            clock.advance(INTERVAL);
            for (String each : heardOf) {
                monitor.report(each, HealthStatus.HEALTHY, "running");
            }
        }
    }

    private List<String> components() {
        return monitor.status().components().stream()
                .map(HealthReport::component)
                .toList();
    }

    private void stop(String... components) {
        for (String each : components) {
            monitor.report(each, HealthStatus.DOWN, "stopped");
        }
    }

    @Test
    void what_only_the_daemon_before_had_is_history_at_once() {
        begin("disk", "mine");
        monitor.report("disk", HealthStatus.HEALTHY, "room");
        stop("disk", "mine", HealthReport.DISCOVERY, HealthReport.MANAGER);
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DOWN);
        assertThat(components()).as("how the last daemon ended").contains("disk", "mine");
        clock.advance(Duration.ofSeconds(5));

        begin("disk");

        PipelineStatus now = monitor.status();
        assertThat(now.pipeline()).as("nobody was heard of yet").isEqualTo(HealthStatus.HEALTHY);
        assertThat(components()).containsExactly("discovery", "manager");
        monitor.report("disk", HealthStatus.HEALTHY, "room");
        assertThat(components()).containsExactly("discovery", "disk", "manager");
        assertThat(store.<Integer>read(tx -> tx.health("mine", 10).size())).isOne();
        assertThat(store.<List<HealthReport>>read(tx -> Monitor.troubles(tx, INTERVAL, clock.now())))
                .isEmpty();
    }

    @Test
    void a_component_that_falls_silent_degrades_a_daemon_that_lives() {
        begin("disk", "feeds");
        monitor.report("disk", HealthStatus.HEALTHY, "room");
        hours(1, HealthReport.MANAGER, HealthReport.DISCOVERY);

        PipelineStatus now = monitor.status();
        assertThat(now.pipeline()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(now.components())
                .filteredOn(report -> report.status() == HealthStatus.DEGRADED)
                .satisfiesExactly(
                        disk -> assertThat(disk.message())
                                .contains("nothing was reported of it since ", "(healthy, room)"),
                        feeds -> assertThat(feeds.message())
                                .contains("nothing was reported of it since ", "(the daemon began)"));
        assertThat(store.<List<HealthReport>>read(tx -> Monitor.troubles(tx, INTERVAL, clock.now())))
                .extracting(HealthReport::component)
                .containsExactly("disk", "feeds");
    }

    @Test
    void the_last_word_of_a_component_in_trouble_counts_however_old() {
        begin("disk");
        monitor.report("disk", HealthStatus.DOWN, "no room");
        hours(1, HealthReport.MANAGER, HealthReport.DISCOVERY);

        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(monitor.status().components())
                .filteredOn(report -> report.component().equals("disk"))
                .extracting(HealthReport::status)
                .containsExactly(HealthStatus.DOWN);
    }

    @Test
    void good_news_that_are_seldom_are_no_silence() {
        begin("disk");
        for (int round = 0; round < 5; round++) {
            monitor.report("disk", HealthStatus.HEALTHY, "room");
            clock.advance(INTERVAL.multipliedBy(Monitor.GOOD_NEWS_EVERY));
            monitor.report(HealthReport.MANAGER, HealthStatus.HEALTHY, "running");
            monitor.report(HealthReport.DISCOVERY, HealthStatus.HEALTHY, "running");
            assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
        }
    }

    @Test
    void a_daemon_that_is_killed_is_down_and_its_components_are_as_they_were() {
        begin("disk");
        monitor.report("disk", HealthStatus.HEALTHY, "room");
        clock.advance(Duration.ofDays(1));

        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.status().components())
                .extracting(HealthReport::status)
                .containsOnly(HealthStatus.HEALTHY);
    }

    @Test
    void a_clock_that_was_set_back_makes_nobody_silent() {
        begin("disk");
        clock.set(clock.now().minus(Duration.ofHours(1)));
        monitor.report(HealthReport.MANAGER, HealthStatus.HEALTHY, "running");
        monitor.report("disk", HealthStatus.HEALTHY, "room");

        assertThat(components()).containsExactly("discovery", "disk", "manager");
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void a_stage_that_tripped_and_left_the_plan_degrades_nothing_and_a_pause_stays() {
        begin();
        store.write(tx -> {
            tx.put(StageHold.tripped("mine", "no data", clock.now(), clock.now()));
            tx.put(StageHold.paused("other", "lunch", "anna", "test", clock.now()));
            return null;
        });
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(monitor.status().holds()).extracting(StageHold::stage).containsExactly("other");

        store.write(tx -> {
            tx.put(StageHold.tripped("backtest", "no data", clock.now(), clock.now()));
            return null;
        });
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DEGRADED);
    }

    @Test
    void before_any_daemon_wrote_down_what_it_is_made_of_everything_that_is_recent_counts() {
        monitor.report(HealthReport.MANAGER, HealthStatus.HEALTHY, "running");
        monitor.report("mine", HealthStatus.DOWN, "stopped");
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(components()).containsExactly("manager", "mine");
        hours(1, HealthReport.MANAGER);
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
        monitor.join(List.of("disk"));
        assertThat(store.<Boolean>read(tx -> Roster.in(tx) == null)).isTrue();
    }

    @Test
    void what_is_written_down_is_read_again() {
        begin("disk", "a stage with spaces");

        assertThat(store.<List<String>>read(tx -> Roster.in(tx).components()))
                .containsExactlyInAnyOrder("manager", "discovery", "disk", "a stage with spaces");
    }
}
