package io.pipelinev2.runner.health;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The checks of a home. */
public final class Checks {

    private static final String PROBE = "health_probe";
    private static final long SLOW_MILLIS = 2_000;
    private static final long LARGE_LOG = 256_000_000;

    private Checks() {}

    /** What keeps new work of this home from being begun while its disks are nearly full. */
    public static DiskGuard diskGuard(PipelineConfig config, Clock clock) {
        return new DiskGuard(volumes(config)::written, config.disk(), clock);
    }

    private static Volumes volumes(PipelineConfig config) {
        List<Path> written =
                new ArrayList<>(List.of(config.state(), config.logs().directory()));
        sqlite(config).map(Path::getParent).ifPresent(written::add);
        return new Volumes(
                written,
                List.of(
                        config.home(),
                        config.data().directory(),
                        Path.of(System.getProperty("java.io.tmpdir", "/tmp"))));
    }

    private static Optional<Path> sqlite(PipelineConfig config) {
        return config.database() instanceof DatabaseLocation.SqliteFile file
                ? Optional.of(file.path())
                : Optional.empty();
    }

    /** All of them. */
    static List<Check> of(
            PipelineConfig config,
            PipelineStore store,
            Supplier<TrialSource> source,
            Supplier<Optional<String>> refusal,
            Clock clock) {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.of(HealthComponent.DATABASE, () -> database(store, sqlite(config), clock)));
        checks.add(new DiskCheck(volumes(config)::all, config.disk(), refusal, store, clock));
        checks.add(new ClockCheck(store, clock));
        checks.add(Check.of(
                config.source().isPresent() ? HealthComponent.SOURCE : HealthComponent.OPTUNA,
                () -> source(source.get(), clock)));
        if (config.stages().containsKey("deploy") && config.stage("deploy").enabled()) {
            checks.add(Check.of(HealthComponent.FEEDS, () -> store.read(Checks::feeds)));
        }
        for (String stage : config.order()) {
            if (!stage.equals("deploy") && config.stage(stage).enabled()) {
                checks.add(Check.of(stage, () -> store.read(tx -> stage(tx, stage))));
            }
        }
        return checks;
    }

    private static Check.Result database(PipelineStore store, Optional<Path> file, Clock clock) throws IOException {
        long start = clock.nanoTime();
        store.read(tx -> tx.setting(Monitor.LAST_CHECK));
        store.write(tx -> {
            tx.put(PROBE, store.now().toString());
            return null;
        });
        long millis = (clock.nanoTime() - start) / 1_000_000;
        long log = file.isPresent() ? sizeOf(Path.of(file.get() + "-wal")) : 0;
        String size = file.isPresent() ? "; " + Bytes.shown(sizeOf(file.get()) + log) : "";
        if (millis > SLOW_MILLIS) {
            return Check.Result.degraded("a read and a write took %d ms%s: something else keeps it, or the disk, busy"
                    .formatted(millis, size));
        }
        if (log > LARGE_LOG) {
            return Check.Result.degraded(
                    "its write-ahead log has %s: some program has read from it for very long; end it"
                            .formatted(Bytes.shown(log)));
        }
        return Check.Result.healthy("read and written in %d ms%s".formatted(millis, size));
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static Check.Result source(TrialSource source, Clock clock) {
        long start = clock.nanoTime();
        int studies = source.studies().size();
        long millis = (clock.nanoTime() - start) / 1_000_000;
        String words = "%d %s, read in %d ms".formatted(studies, studies == 1 ? "study" : "studies", millis);
        return studies == 0
                ? Check.Result.degraded(words + ": no study matches optuna.studies")
                : Check.Result.healthy(words);
    }

    private static Check.Result feeds(StoreReader tx) {
        List<Deployment> running = tx.deployments().stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .toList();
        List<Deployment> stale = running.stream()
                .filter(deployment -> deployment.health() == DeploymentHealth.STALE)
                .toList();
        if (stale.isEmpty()) {
            return Check.Result.healthy(
                    "%d of %d running traders have fresh bars".formatted(running.size(), running.size()));
        }
        String who =
                stale.stream().map(deployment -> deployment.key().toString()).collect(Collectors.joining(", "));
        String words = "%d of %d running traders wait for bars (%s); they give no orders until then"
                .formatted(stale.size(), running.size(), who);
        return stale.size() == running.size() ? Check.Result.down(words) : Check.Result.degraded(words);
    }

    private static Check.Result stage(StoreReader tx, String stage) {
        for (StageHold hold : tx.holds()) {
            boolean concerns = hold.stage().equals(stage) || hold.stage().equals(StageHold.EVERY_STAGE);
            // a pause is nobody's illness; the status tells of it as it is now, and not as it was a minute ago
            if (concerns && hold.kind() == StageHold.Kind.TRIPPED) {
                return Check.Result.degraded("held: " + hold.reason());
            }
        }
        long running =
                tx.running().stream().map(StageRun::name).filter(stage::equals).count();
        return Check.Result.healthy(running == 0 ? "idle" : running + " running");
    }
}
