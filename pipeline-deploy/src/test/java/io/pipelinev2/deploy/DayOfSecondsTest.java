package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.deploy.launch.TraderRuntime;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.Verification;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import io.pipelinev2.deploy.papertrading.ledger.LedgerTail;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three supervised traders on one feed, in seconds, while they are killed, their disk is full and their files are ill-treated.
 * {@code -Dday.bars=86400} makes it a day, {@code -Dday.kills=…} says how many are killed, and {@code -Dday.seed=…} repeats
 * the choices of a run that failed.
 */
class DayOfSecondsTest {

    private static final int BARS = Integer.getInteger("day.bars", 160);
    private static final int KILLS = Integer.getInteger("day.kills", 3);
    private static final long SEED = Long.getLong("day.seed", System.nanoTime());

    private static final List<Integer> TRIALS = List.of(7, 8, 9);
    private static final Path MODEL =
            Path.of("src/test/resources/trader/actor.pth").toAbsolutePath();

    /** Nothing is bought on an old bar, and a day's bars that come in minutes are to count as new ones. */
    private static final Duration INTERVAL = Duration.ofDays(2);

    /** How far the files may be ahead of the slowest trader. */
    private static final int AHEAD = Math.max(80, BARS / 100);

    private static final int PIECE = 20;
    private static final int SPOILT_EVERY = Math.max(5, BARS / 2_000);
    private static final int BYTES_OF_A_BAR = 2_600;
    private static final int ENDED_BY_A_FULL_DISK = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(120L + BARS / 20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = new Random(SEED);
    private final Map<Integer, Integer> steps = new HashMap<>();
    private int broken;

    @Test
    void every_bar_is_traded_once_whatever_happens_to_traders_files_and_disks() throws Exception {
        System.out.printf("DayOfSecondsTest: -Dday.seed=%d, %d bars, %d kills%n", SEED, BARS, KILLS);
        Instant start =
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(INTERVAL).minusSeconds(2L * BARS + 2_000);
        Downloader downloader = new Downloader(directory.resolve("live"), start, random);
        try (Home home = new Home(directory, Clock.system())) {
            FullDisks disks = new FullDisks(TraderRuntime.ofClassPath(classPath(), directory.resolve("state")));
            DeployStage stage = begun(home, disks);
            List<Integer> kills = killsByBar();

            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(PATIENCE)
                    .until(() -> {
                        stage.reconcile();
                        playTheOperator(home);
                        int slowest = slowest(home);
                        if (!kills.isEmpty()
                                && downloader.complete().size() >= kills.get(0)
                                && kill(home, disks, kills.size())) {
                            kills.remove(0);
                        }
                        // What a disk gets full with is not there before its trader is killed, and nobody is killed
                        // before
                        // the disk is full that is about to be.
                        boolean mayGrow = kills.isEmpty()
                                || downloader.complete().size() < kills.get(0)
                                || disks.isFilling(state(home, victim(kills.size())));
                        write(downloader, slowest, mayGrow);
                        return kills.isEmpty()
                                && disks.filled() == KILLS / 2
                                && !downloader.isBroken()
                                && downloader.complete().size() >= BARS
                                && slowest == downloader.complete().size();
                    });
            end(home, stage);

            assertThat(TRIALS.stream().flatMap(trial -> home.runs(trial).stream()))
                    .as("seed %d: a full disk ended a trader", SEED)
                    .anySatisfy(run -> assertThat(run.exitCode()).isEqualTo(ENDED_BY_A_FULL_DISK));
            for (int trial : TRIALS) {
                assertEveryBarOnce(state(home, trial), downloader);
            }
        }
    }

    private DeployStage begun(Home home, FullDisks disks) throws Exception {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put("metrics", Map.of("sharpe", 1.0));
        results.put("model_sha256", home.models.keep(Files.readAllBytes(MODEL), "actor.pth"));
        results.put(
                "parameters",
                AgentParameters.from(Map.of("lookback", 1, "norm_action", 20, "net_dimension", 64))
                        .toMap());
        results.put("environment", TradingRules.ORIGINAL.toMap());
        TRIALS.forEach(trial -> home.validated(trial, 1, results));
        DeployStage stage = home.stage(DeploySettings.DEFAULT
                        .withStartTime(Duration.ZERO)
                        .withRestarts(10 * KILLS + 10, Duration.ofDays(1)))
                .data(new MarketSource(directory.resolve("live"), Optional.empty(), Downloader.ASSETS))
                .feed(new FeedSettings.Follow(Optional.empty(), Optional.of(INTERVAL)))
                .trader(disks)
                .build();
        // All begin at the same bar, because nothing is appended before they have.
        await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
            stage.reconcile();
            return TRIALS.stream()
                    .allMatch(trial -> Files.exists(state(home, trial).resolve(Ledger.NAME))
                            && Heartbeat.read(state(home, trial)).isPresent());
        });
        return stage;
    }

    /** None of them so late that a disk could not get full any more. */
    private List<Integer> killsByBar() {
        return new ArrayList<>(
                random.ints(KILLS, BARS / 20, BARS - BARS / 4).sorted().boxed().toList());
    }

    /** Every second one finds its disk full when it is started again, some bars later. */
    private boolean kill(Home home, FullDisks disks, int left) {
        int trial = victim(left);
        Deployment deployment = home.deployment(trial);
        ProcessIdentity process = deployment.process();
        if (deployment.status() != DeploymentStatus.RUNNING || process == null || disks.isFilling(state(home, trial))) {
            return false;
        }
        if (left % 2 == 0) {
            disks.fill(state(home, trial), random.nextInt(10 * BYTES_OF_A_BAR));
        }
        return ProcessHandle.of(process.pid())
                .map(ProcessHandle::destroyForcibly)
                .orElse(false);
    }

    private static int victim(int killsLeft) {
        return TRIALS.get(killsLeft % TRIALS.size());
    }

    /** The delay before a restart doubles with each crash, and nothing here is about that. */
    private void playTheOperator(Home home) {
        for (int trial : TRIALS) {
            Deployment deployment = home.deployment(trial);
            assertThat(deployment.health())
                    .as("trial %d (seed %d): %s", trial, SEED, deployment.reason())
                    .isNotIn(DeploymentHealth.PERMANENT_FAILURE, DeploymentHealth.CRASH_LOOP);
            if (deployment.status() == DeploymentStatus.CRASHED && deployment.restarts() > 1) {
                home.commands(3).restart(home.trial(trial).key(), "", Home.ANA);
            }
        }
    }

    private void write(Downloader downloader, int slowest, boolean mayGrow) throws IOException {
        int behind = downloader.complete().size() - slowest;
        if (downloader.isBroken()) {
            if (--broken <= 0) {
                downloader.repair();
            }
        } else if (mayGrow && downloader.complete().size() < BARS && behind < AHEAD) {
            downloader.append(1 + random.nextInt(PIECE));
            if (random.nextInt(SPOILT_EVERY) == 0) {
                downloader.spoil(2 * AHEAD);
                broken = 1 + random.nextInt(25);
            }
        }
    }

    private int slowest(Home home) {
        for (int trial : TRIALS) {
            Heartbeat.read(state(home, trial)).ifPresent(beat -> steps.merge(trial, beat.step(), Math::max));
        }
        return TRIALS.stream()
                .mapToInt(trial -> steps.getOrDefault(trial, 0))
                .min()
                .orElseThrow();
    }

    private static void end(Home home, DeployStage stage) {
        TRIALS.forEach(trial -> home.commands(3).stop(home.trial(trial).key(), "", Home.ANA));
        await().pollInSameThread().atMost(Duration.ofSeconds(30)).until(() -> {
            stage.reconcile();
            return TRIALS.stream().allMatch(trial -> home.deployment(trial).status() == DeploymentStatus.STOPPED);
        });
    }

    private static void assertEveryBarOnce(Path state, Downloader downloader) throws IOException {
        List<Instant> traded = new ArrayList<>();
        int trades = 0;
        List<String> notices = new ArrayList<>();
        int starts = 0;
        Path ledger = state.resolve(Ledger.NAME);
        long last = 0;
        List<LedgerLine> lines = LedgerTail.read(ledger, last, 500);
        while (!lines.isEmpty()) {
            for (LedgerLine line : lines) {
                switch (line.kind()) {
                    case LedgerLine.BAR -> {
                        traded.add(line.read().time("bar_time"));
                        trades += ((List<?>) line.fields().get("fills")).size();
                    }
                    case LedgerLine.NOTICE ->
                        notices.add(String.valueOf(line.fields().get("text")));
                    case LedgerLine.START -> starts++;
                    default -> {}
                }
                last = line.seq();
            }
            lines = LedgerTail.read(ledger, last, 500);
        }
        System.out.printf(
                "DayOfSecondsTest: %s: %d bars, %d fills, %d starts, %d notices%n",
                state.getFileName(), traded.size(), trades, starts, notices.size());
        assertThat(traded).as("seed %d", SEED).isEqualTo(downloader.complete());
        assertThat(downloader.gaps())
                .as("seed %d: whatever was left out is told of", SEED)
                .allSatisfy(time -> assertThat(notices)
                        .anySatisfy(notice -> assertThat(notice)
                                .startsWith("The bar of " + time + " was left out: there is none of ")));
        assertThat(trades).as("it traded").isPositive();
        assertThat(Verification.of(state, null))
                .as("seed %d", SEED)
                .isEqualTo(new Verification.Result(downloader.complete().size(), null));
    }

    private Path state(Home home, int trial) {
        return directory.resolve("state/deployments/" + home.deployment(trial).id());
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }
}
