package io.pipelinev2.runner.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.DiskConfig;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.view.DisksView;
import io.pipelinev2.runner.view.SampleStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How components are looked at, and what is said of them. */
@Timeout(60)
class HealthTest {

    private static final long GB = 1_000_000_000L;
    private static final DiskConfig DISK = new DiskConfig(GB, GB / 5);

    @TempDir
    private Path directory;

    private final SampleStore sample = new SampleStore();
    private final ManualClock clock = sample.clock;
    private List<Volume> volumes = List.of(volume(50 * GB));

    private static Volume volume(long free) {
        return new Volume("/srv/pipeline", 100 * GB, free, true);
    }

    private HealthStatus status(String component) {
        return report(component).status();
    }

    private HealthReport report(String component) {
        return sample.store.<List<HealthReport>>read(StoreReader::latestHealth).stream()
                .filter(report -> report.component().equals(component))
                .findFirst()
                .orElseThrow();
    }

    private HealthWatch watch(Check... checks) {
        return new HealthWatch(
                sample.monitor(), List.of(checks), Duration.ofMinutes(1), Duration.ofMillis(200), clock, Thread::new);
    }

    // ---- the disks

    @Test
    void a_nearly_full_disk_keeps_work_from_beginning_until_there_is_clearly_room_again() {
        DiskGuard guard = new DiskGuard(() -> volumes, DISK, clock);
        assertThat(guard.refusal()).isEmpty();

        volumes = List.of(volume(GB / 5 - 1));
        assertThat(guard.refusal()).as("looked at lately").isEmpty();
        clock.advance(Duration.ofSeconds(5));
        assertThat(guard.refusal().orElseThrow())
                .isEqualTo(
                        "the disk of /srv/pipeline has only 200.0 MB left (disk.stop is 200.0 MB); what runs goes on, and the rest when there are 250.0 MB again");

        volumes = List.of(volume(GB / 5 + 1));
        clock.advance(Duration.ofSeconds(5));
        assertThat(guard.refusal()).isPresent();
        volumes = List.of(volume(GB / 4));
        clock.advance(Duration.ofSeconds(5));
        assertThat(guard.refusal()).isEmpty();
    }

    @Test
    void a_disk_that_is_only_read_or_cannot_be_asked_keeps_nothing_from_beginning() {
        DiskGuard read = new DiskGuard(() -> List.of(new Volume("/data", GB, 0, false)), DISK, clock);
        assertThat(read.refusal()).isEmpty();
        DiskGuard broken = new DiskGuard(
                () -> {
                    throw new IOException("Stale file handle");
                },
                DISK,
                clock);
        assertThat(broken.refusal()).isEmpty();
    }

    private Check.Result look(DiskCheck check) {
        try {
            return check.look();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void it_is_said_in_words_how_full_the_disks_are_and_when_they_will_be() {
        AtomicReference<Optional<String>> held = new AtomicReference<>(Optional.empty());
        DiskCheck check = new DiskCheck(() -> volumes, DISK, held::get, sample.store, clock);
        assertThat(look(check)).isEqualTo(Check.Result.healthy("50.0 GB of 100.0 GB free at /srv/pipeline"));

        // a gigabyte an hour
        for (int hour = 1; hour <= 3; hour++) {
            clock.advance(Duration.ofHours(1));
            volumes = List.of(volume((50 - hour) * GB));
            look(check);
        }
        Check.Result soon = look(check);
        assertThat(soon.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(soon.message())
                .contains("nearly full: 47.0 GB of 100.0 GB free at /srv/pipeline, full in 2.0 days")
                .contains("below 200.0 MB nothing new is begun");
        Map<String, ?> disk = DisksView.of(sample.store).get(0);
        assertThat(disk.get("path")).isEqualTo("/srv/pipeline");
        assertThat(((Number) disk.get("free_bytes")).longValue()).isEqualTo(47 * GB);
        assertThat(((Number) disk.get("days_to_full")).doubleValue()).isBetween(1.9, 2.0);

        volumes = List.of(volume(GB / 2));
        assertThat(look(check).status()).isEqualTo(HealthStatus.DEGRADED);
        held.set(Optional.of("no room"));
        assertThat(look(check)).isEqualTo(Check.Result.down("nothing new is begun: no room"));
    }

    @Test
    void a_restart_does_not_forget_how_fast_a_disk_fills_up() {
        for (int minute = 0; minute <= 120; minute++) {
            volumes = List.of(volume(50 * GB - minute * GB / 60));
            look(new DiskCheck(() -> volumes, DISK, Optional::empty, sample.store, clock));
            clock.advance(Duration.ofMinutes(1));
        }

        // a gigabyte an hour, each minute seen by another process
        assertThat(look(new DiskCheck(() -> volumes, DISK, Optional::empty, sample.store, clock))
                        .message())
                .contains("full in 2.0 days");
        String kept = sample.store
                .<Optional<String>>read(tx -> tx.setting(DiskTrend.SETTING))
                .orElseThrow();
        assertThat(kept.split("\\],\\[")).as("a few samples").hasSizeLessThan(10);
        assertThat(DiskTrend.of("not JSON").daysToFull(volume(GB))).isEmpty();
        assertThat(DiskTrend.of("{\"/srv/pipeline\":[[1]]}").daysToFull(volume(GB)))
                .isEmpty();
    }

    @Test
    void every_file_system_in_use_is_looked_at_once() throws IOException {
        Path there = Files.createDirectories(directory.resolve("a"));
        Volumes both = new Volumes(
                List.of(there.resolve("not/there/yet")), List.of(there, Path.of("/proc"), directory.resolve("b")));
        List<Volume> all = both.all();
        assertThat(all).hasSize(2);
        assertThat(all.get(0).written()).isTrue();
        assertThat(all.get(0).total()).isPositive();
        assertThat(all.get(1).written()).isFalse();
        assertThat(both.written()).hasSize(1);
    }

    // ---- how checks are made

    @Test
    void a_check_that_hangs_is_what_is_said_of_its_component_and_of_no_other() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Check hanging = Check.of("hanging", () -> {
            end.await();
            return Check.Result.healthy("at last");
        });
        HealthWatch watch = watch(hanging, Check.of("fine", () -> Check.Result.healthy("fine")));
        watch.round();
        assertThat(status("fine")).isEqualTo(HealthStatus.HEALTHY);
        assertThat(status("hanging")).isEqualTo(HealthStatus.DEGRADED);
        clock.advance(Duration.ofMinutes(1));
        watch.round();
        assertThat(report("hanging").message()).isEqualTo("no answer for 60 s");
        end.countDown();
        await().untilAsserted(() -> {
            watch.round();
            assertThat(status("hanging")).isEqualTo(HealthStatus.HEALTHY);
        });
    }

    @Test
    void what_fails_for_a_quarter_of_an_hour_is_down() throws Exception {
        HealthWatch watch = watch(Check.of("optuna", () -> {
            throw new TrialSourceException("The file optuna.db is not there.");
        }));
        watch.round();
        assertThat(report("optuna").message()).isEqualTo("The file optuna.db is not there.");
        assertThat(status("optuna")).isEqualTo(HealthStatus.DEGRADED);
        clock.advance(Duration.ofMinutes(14));
        watch.round();
        assertThat(status("optuna")).isEqualTo(HealthStatus.DEGRADED);
        clock.advance(Duration.ofMinutes(1));
        watch.round();
        assertThat(status("optuna")).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void good_news_are_recorded_seldom_and_bad_ones_and_changes_always() throws Exception {
        List<Check.Result> results = new ArrayList<>();
        HealthWatch watch = watch(Check.of("disk", () -> results.get(results.size() - 1)));
        for (int minute = 0; minute < 20; minute++) {
            results.add(Check.Result.healthy("fine, " + minute));
            watch.round();
        }
        assertThat(history()).isEqualTo(2);
        for (int minute = 0; minute < 5; minute++) {
            results.add(Check.Result.degraded("full"));
            watch.round();
        }
        results.add(Check.Result.healthy("fine"));
        watch.round();
        assertThat(history()).isEqualTo(2 + 5 + 1);
    }

    private int history() {
        return sample.store.<Integer>read(tx -> tx.health("disk", 100).size());
    }

    @Test
    void a_component_in_trouble_makes_the_pipeline_degraded_and_a_silent_manager_makes_it_down() throws Exception {
        Monitor monitor = sample.alive().monitor();
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
        watch(Check.of("disk", () -> Check.Result.down("no room"))).round();
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DEGRADED);
        clock.advance(Duration.ofMinutes(4));
        assertThat(monitor.status().pipeline()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void its_end_is_said_of_every_component() {
        HealthWatch watch = watch(Check.of("disk", () -> Check.Result.healthy("fine")));
        watch.start();
        await().untilAsserted(() -> assertThat(history()).isOne());
        watch.close();
        assertThat(report("disk").message()).isEqualTo("stopped");
        assertThat(status("disk")).isEqualTo(HealthStatus.DOWN);
    }

    // ---- the checks of a home

    private PipelineConfig config() throws IOException {
        Path file =
                Files.writeString(directory.resolve("pipeline.json"), "{ \"optuna\": { \"storage\": \"optuna.db\" } }");
        return new ConfigLoader(Map.of(), directory).load(file, null);
    }

    private Map<String, HealthReport> round() throws Exception {
        InMemoryTrialSource source = new InMemoryTrialSource().add("study", 1, 0.5);
        new HealthWatch(
                        sample.monitor(),
                        Checks.of(config(), sample.store, () -> source, Optional::empty, clock),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(20),
                        clock,
                        Thread::new)
                .round();
        return sample.store.<List<HealthReport>>read(StoreReader::latestHealth).stream()
                .collect(java.util.stream.Collectors.toMap(HealthReport::component, report -> report));
    }

    @Test
    void all_components_of_a_home_are_looked_at() throws Exception {
        Map<String, HealthReport> reports = round();
        assertThat(reports).containsOnlyKeys("database", "disk", "clock", "optuna", "feeds", "backtest");
        assertThat(reports.get("optuna").message()).startsWith("1 study, read in");
        assertThat(reports.get("backtest").message()).isEqualTo("idle");
        assertThat(reports.get("disk").message()).contains(" free at ");
        assertThat(reports.values()).allMatch(report -> report.status() == HealthStatus.HEALTHY);
    }

    @Test
    void a_stage_that_keeps_failing_and_traders_without_bars_are_degraded() throws Exception {
        sample.store.write(tx -> {
            tx.put(StageHold.tripped("backtest", "no data", clock.now(), clock.now()));
            return null;
        });
        Trial one = sample.trial("ppo", 1, 1.0, TrialStatus.DEPLOYED, null);
        Trial two = sample.trial("ppo", 2, 1.0, TrialStatus.DEPLOYED, null);
        Deployment stale = sample.running(one, 41);
        sample.running(two, 42);
        sample.store.write(tx -> tx.update(
                stale, stale.change().health(DeploymentHealth.STALE, "no bars").done()));

        Map<String, HealthReport> reports = round();
        assertThat(reports.get("backtest").message()).isEqualTo("held: no data");
        assertThat(reports.get("backtest").status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(reports.get("feeds").message())
                .isEqualTo("1 of 2 running traders wait for bars (ppo/1); they give no orders until then");
    }

    @Test
    void a_clock_that_was_set_is_noticed_once() throws Exception {
        ClockCheck check = new ClockCheck(sample.store, clock);
        assertThat(check.look().status()).isEqualTo(HealthStatus.HEALTHY);
        clock.advance(Duration.ofMinutes(1));
        assertThat(check.look().status()).isEqualTo(HealthStatus.HEALTHY);
        clock.set(clock.now().plus(Duration.ofHours(1)));
        assertThat(check.look().message()).startsWith("the machine's clock was set by 3600 s");
        assertThat(check.look().status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void a_source_that_fails_is_told_in_its_own_words() throws Exception {
        HealthWatch watch = watch(Check.of("source", () -> {
            throw new PipelineException("no such\nstudy");
        }));
        watch.round();
        assertThat(report("source").message()).isEqualTo("no such\\nstudy");
    }
}
