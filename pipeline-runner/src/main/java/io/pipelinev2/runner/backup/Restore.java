package io.pipelinev2.runner.backup;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a backup in place of what a home holds. What is there is moved to {@code before-restore-<UTC time>/} in the home
 * and never deleted.
 *
 * <p>A crash at any moment loses neither. First all of the backup is copied to {@code restoring/new/} in the home: until
 * that is done, the home is the old one and the next restore begins again. Then {@code restoring/plan.json} is written, as
 * a whole or not at all, and says which renames make the home the new one. From then on commands refuse the home, and the
 * next restore carries out what is left of the plan: a rename has happened or has not, and can be told from where the files
 * are. The plan is deleted last. By hand, the old home is what {@code before-restore-…} holds together with what has not
 * been moved yet; the new one is what {@code restoring/new} holds together with what has.
 */
public final class Restore {

    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
    private static final List<String> BESIDE_DATABASE = List.of("-wal", "-shm", "-journal");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final VerifiedBackup backup;
    private final Path configuration;
    private final Path home;
    private final Path database;
    private final Consumer<String> beforeStep;

    private Restore(VerifiedBackup backup, PipelineConfig config, Path configuration, Consumer<String> beforeStep) {
        this.backup = backup;
        this.configuration = configuration.toAbsolutePath().normalize();
        this.home = config.home().toAbsolutePath().normalize();
        this.database = HomeDatabase.of(
                config, "A backup holds an SQLite database: restore into a home that is configured for one.");
        this.beforeStep = beforeStep;
    }

    /**
     * Restores a backup, or completes a restore of it that was interrupted.
     *
     * @param config the configured home
     * @param configuration the file that configures it; the backup's own is put there if there is none
     * @return the directory that holds what was there before; it is not there if nothing was
     * @throws HomeLock.HomeHeldException if another process supervises the home
     * @throws RefusedException if a trader or worker lives in it, or it is one that this cannot be done in
     * @throws BackupException if something cannot be read or written
     */
    public static Path run(VerifiedBackup backup, PipelineConfig config, Path configuration, Clock clock) {
        return run(backup, config, configuration, clock, step -> LOG.debug("Restore: {}", step));
    }

    /**
     * @param beforeStep is told of every step before it is done
     */
    static Path run(
            VerifiedBackup backup,
            PipelineConfig config,
            Path configuration,
            Clock clock,
            Consumer<String> beforeStep) {
        Restore restore = new Restore(backup, config, configuration, beforeStep);
        try (HomeLock lock = HomeLock.take(config.home(), "restore")) {
            new Occupants(config.state()).refuse();
            return restore.under(lock, clock.now());
        } catch (IOException e) {
            throw new BackupException(
                    "The home %s cannot be restored: %s. Make room on its disk, or fix the permissions, then run `restore` with the same backup again; nothing was lost."
                            .formatted(config.home(), e),
                    e);
        }
    }

    /** @param lock the right to do it */
    private Path under(HomeLock lock, Instant now) throws IOException {
        Renames renames = new Renames(home, beforeStep);
        Optional<RestorePlan> unfinished = RestorePlan.read(UnfinishedRestore.plan(home), home);
        if (unfinished.isPresent()) {
            LOG.info("Completing the restore that was interrupted.");
            renames.carryOut(unfinished.get());
            if (unfinished.get().backup().equals(backup.id())) {
                return unfinished.get().aside();
            }
        }
        Places places = new Places(home, STAMP.format(now));
        Map<String, Path> targets = targets();
        List<Replacement> replacements = replacements(targets, places);
        for (Replacement each : replacements) {
            places.refuseOtherFileSystem(each.target());
        }
        clean(replacements);
        try {
            stage(targets, places);
        } catch (IOException | BackupException e) {
            // a full disk should not stay full of what is of no use
            clean(replacements);
            throw e;
        }
        RestorePlan plan = new RestorePlan(backup.id(), places.aside(), replacements);
        beforeStep.accept("write the plan");
        PrivateFiles.publish(UnfinishedRestore.plan(home), plan.bytes(home));
        renames.carryOut(plan);
        return plan.aside();
    }

    /** Where each part of a backup belongs; the configuration only if the home has none. */
    private Map<String, Path> targets() {
        Map<String, Path> targets = new LinkedHashMap<>();
        targets.put(BackupLayout.DATABASE, database);
        targets.put(BackupLayout.BINDING, home.resolve(BackupLayout.BINDING));
        targets.put(BackupLayout.DEPLOYMENTS, home.resolve(BackupLayout.DEPLOYMENTS));
        targets.put(BackupLayout.MODELS, home.resolve(BackupLayout.MODELS));
        if (!Files.exists(configuration)) {
            targets.put(BackupLayout.CONFIGURATION, configuration);
        }
        return targets;
    }

    private List<Replacement> replacements(Map<String, Path> targets, Places places) {
        List<Replacement> all = new ArrayList<>();
        // first what lies beside the old database: the new one would take it for its own
        Path aside = places.aside(database);
        for (String suffix : BESIDE_DATABASE) {
            all.add(new Replacement(
                    database.resolveSibling(database.getFileName() + suffix),
                    null,
                    aside.resolveSibling(aside.getFileName() + suffix)));
        }
        targets.forEach((part, target) -> {
            boolean isInBackup = backup.files().stream().anyMatch(file -> isOf(part, file));
            all.add(new Replacement(target, isInBackup ? places.staged(target) : null, places.aside(target)));
        });
        return all;
    }

    private static boolean isOf(String part, BackedUpFile file) {
        return file.path().equals(part) || file.path().startsWith(part + "/");
    }

    /** Removes what an earlier restore staged and never came to use. */
    private void clean(List<Replacement> replacements) throws IOException {
        PrivateFiles.deleteTree(UnfinishedRestore.directory(home));
        for (Replacement each : replacements) {
            if (each.staged() != null) {
                PrivateFiles.deleteTree(each.staged());
            }
        }
    }

    private void stage(Map<String, Path> targets, Places places) throws IOException {
        PrivateFiles.makeDirectory(places.staging());
        for (Map.Entry<String, Path> part : targets.entrySet()) {
            Path staged = places.staged(part.getValue());
            for (BackedUpFile file : backup.files()) {
                if (isOf(part.getKey(), file)) {
                    beforeStep.accept("stage " + file.path());
                    Path copy = file.path().equals(part.getKey())
                            ? staged
                            : staged.resolve(file.path().substring(part.getKey().length() + 1));
                    PrivateFiles.makeDirectory(PrivateFiles.directoryOf(copy));
                    backup.copy(file, copy);
                }
            }
            if (Files.exists(staged)) {
                PrivateFiles.force(PrivateFiles.directoryOf(staged));
            }
        }
        PrivateFiles.forceTree(UnfinishedRestore.directory(home));
    }
}
