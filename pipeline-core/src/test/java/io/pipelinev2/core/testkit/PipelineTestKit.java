package io.pipelinev2.core.testkit;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A pipeline for tests: made-up trials, a clock that stands still until it is moved, and work that is done on the test's own
 * thread, only when the test says so. Hours of backoff pass in milliseconds, and nothing depends on how fast the machine is.
 *
 * <p>Registered as a JUnit extension it looks at its store after every test, and fails one that has left an
 * {@linkplain io.pipelinev2.core.store.Invariants impossible state}.
 *
 * <pre>{@code
 * @RegisterExtension
 * final PipelineTestKit kit = new PipelineTestKit();
 *
 * @Test
 * void is_tried_three_times() {
 *     kit.with(Stage.of("backtest", context -> { throw new IOException("disk on fire"); }));
 *     kit.submit(42).discover();
 *     kit.runUntilIdle();
 *     assertThat(kit.trial(42)).isFailed();
 *     assertThat(kit.stage(42, "backtest")).hasOutcomes(ERROR, ERROR, ERROR);
 * }
 * }</pre>
 *
 * <p>The pipeline is started when it is first needed. What is changed of it after that counts from the next {@link #restart}
 * on, as with a program whose configuration was edited.
 */
public final class PipelineTestKit implements AfterEachCallback, AutoCloseable {

    /** The study of the made-up trials. */
    public static final String STUDY = "s";

    /** Who retries and skips. */
    public static final Operator OPERATOR = new Operator("ada", "test");

    /** How long a claim outlives the last sign of its runner. */
    public static final Duration LEASE = Duration.ofMinutes(1);

    private static final int MANY_JUMPS = 10_000;

    private final ManualClock clock;
    private final PipelineStore store;
    private final InMemoryTrialSource source = new InMemoryTrialSource();
    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private final Map<String, StageSettings> settings = new LinkedHashMap<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private Consumer<Pipeline.Builder> configuration = builder -> {};
    private final List<Pipeline> started = new ArrayList<>();
    private @Nullable Pipeline pipeline;
    private @Nullable MortalStore runner;
    private volatile boolean dying;

    /** A kit over a store in memory. */
    public PipelineTestKit() {
        this(new InMemoryPipelineStore());
    }

    private PipelineTestKit(PipelineStore store) {
        this.clock = new ManualClock();
        this.store = new ClockedStore(store, clock);
    }

    /**
     * A kit over a store of yours, empty or not. Whatever clock the store has, the kit's pipeline goes by the kit's. The kit
     * closes the store after the test.
     */
    public static PipelineTestKit over(PipelineStore store) {
        return new PipelineTestKit(store);
    }

    // ---- what the pipeline is made of

    /** Adds stages after those added before, with {@link StageSettings#DEFAULT}: three attempts of a minute each. */
    public PipelineTestKit with(Stage... added) {
        for (Stage stage : added) {
            with(stage, StageSettings.DEFAULT);
        }
        return this;
    }

    /** Adds a stage after those added before, or puts it in the place of that of the same name. */
    public PipelineTestKit with(Stage stage, StageSettings how) {
        stages.put(stage.name(), stage);
        settings.put(stage.name(), how);
        return this;
    }

    /** Adds the one that settles the last stage; {@link #runDue} lets it decide. */
    public PipelineTestKit with(Deployer deployer) {
        return configured(builder -> builder.deployer(deployer));
    }

    /** Adds to how the pipeline is built, each time it is started. */
    public PipelineTestKit configured(Consumer<Pipeline.Builder> more) {
        configuration = configuration.andThen(more);
        return this;
    }

    private void called() {
        attempts.incrementAndGet();
        if (dying) {
            throw new RunnerDeath();
        }
    }

    // ---- what happens

    /** Finishes trials of these numbers, each with a tenth of its number as its value; discovery will find them. */
    public PipelineTestKit submit(int... numbers) {
        for (int number : numbers) {
            submit(number, number / 10.0, Map.of());
        }
        return this;
    }

    /** Finishes a trial; discovery will find it. */
    public PipelineTestKit submit(int number, double value, Map<String, @Nullable Object> parameters) {
        source.add(STUDY, Direction.MAXIMIZE, number, value, parameters);
        return this;
    }

    /**
     * Looks for trials that are not known yet and queues them.
     *
     * @return the new ones
     */
    public List<TrialKey> discover() {
        return pipeline().discoverTrials();
    }

    /**
     * Does all that is due now, and what becomes due by it. If a stage throws {@link RunnerDeath}, the rest is done by
     * another runner.
     *
     * @return how many attempts were begun
     */
    public int runDue() {
        int before = attempts.get();
        while (dies(() -> pipeline().runDue())) {
            restart();
        }
        return attempts.get() - before;
    }

    /** Whether the runner is dead after this. */
    boolean dies(Runnable work) {
        try {
            work.run();
        } catch (StoreException e) {
            if (!isDead()) {
                throw e;
            }
        }
        return isDead();
    }

    private boolean isDead() {
        return runner != null && runner.isDead();
    }

    /** Lets time pass, and nothing else happen. */
    public PipelineTestKit advance(Duration time) {
        clock.advance(time);
        return this;
    }

    /**
     * Does all that is due, then lets time pass until something becomes due or the lease of a dead runner ends, and so on
     * until there is nothing to wait for.
     *
     * @return how many attempts were begun
     * @throws AssertionError if that takes too many jumps of the clock: a stage that is never ready, say
     */
    public int runUntilIdle() {
        int count = runDue();
        Optional<Instant> next = nextChange();
        for (int jumps = 0; next.isPresent(); jumps++) {
            if (jumps == MANY_JUMPS) {
                throw new AssertionError("After %d jumps of the clock, to %s, something is still waiting:%n%s"
                        .formatted(jumps, clock.now(), unfinished()));
            }
            advance(Duration.between(clock.now(), next.get()));
            count += runDue();
            next = nextChange();
        }
        return count;
    }

    private Optional<Instant> nextChange() {
        Instant now = clock.now();
        return store.read(StoreReader::stagesByTrial).values().stream()
                .flatMap(List::stream)
                .map(this::changes)
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now))
                .min(Instant::compareTo);
    }

    private Optional<Instant> changes(StageRun stage) {
        if (stage.status() == StageStatus.RUNNING) {
            // one who sees a lease for the first time waits, however long ago it ended
            return Optional.ofNullable(stage.lease())
                    .map(lease -> lease.until().isAfter(clock.now())
                            ? lease.until()
                            : clock.now().plus(LEASE));
        }
        return stages.containsKey(stage.name()) ? Optional.ofNullable(stage.dueAt()) : Optional.empty();
    }

    private String unfinished() {
        return store.read(tx -> tx.trials().stream()
                .filter(trial -> tx.stages(trial.id()).stream()
                        .anyMatch(stage -> changes(stage).isPresent()))
                .findFirst()
                .map(trial -> snapshot(tx, trial).toString())
                .orElse("nothing"));
    }

    /**
     * Begins an attempt of a stage whose turn it is, even if it waits for a later time, during which the runner dies. The
     * claim is left behind; another runner goes on.
     *
     * @throws IllegalStateException if there is no attempt to begin
     */
    public PipelineTestKit crashDuring(int number, String stage) {
        dying = true;
        try {
            if (!dies(() -> pipeline().executeStage(key(number), stage))) {
                throw new IllegalStateException(
                        "There is no attempt to begin, so nothing to die of: " + stage(number, stage));
            }
        } finally {
            dying = false;
        }
        return restart();
    }

    /**
     * Goes on with another pipeline over the same store, as after a crash: the one before writes nothing any more, and what
     * it held is not given back.
     */
    public PipelineTestKit restart() {
        if (runner != null) {
            runner.die();
        }
        MortalStore own = new MortalStore(store);
        Pipeline.Builder builder = Pipeline.builder()
                .store(own)
                .source(source)
                .clock(clock)
                .identity(RunnerIdentity.fresh("testkit"))
                .lease(LEASE)
                .drainPatience(Duration.ZERO);
        stages.forEach((name, stage) -> builder.stage(
                new WatchedStage(stage, own, this::called), settings.getOrDefault(name, StageSettings.DEFAULT)));
        configuration.accept(builder);
        Pipeline next = builder.build();
        started.add(next);
        runner = own;
        pipeline = next;
        return this;
    }

    /** An operator retries the stage that failed, with all its attempts. */
    public String retry(int number) {
        return pipeline().retryFailed(key(number), null, OPERATOR);
    }

    /** An operator makes this stage due again, with all its attempts. */
    public String retry(int number, String stage) {
        return pipeline().retryFailed(key(number), stage, OPERATOR);
    }

    /** An operator leaves this stage out. */
    public String skip(int number, String stage, String reason) {
        return pipeline().skipStage(key(number), stage, reason, OPERATOR);
    }

    // ---- what can be seen

    /** The key of the made-up trial of this number. */
    public static TrialKey key(int number) {
        return new TrialKey(STUDY, number);
    }

    /**
     * A trial as it stands now.
     *
     * @throws IllegalArgumentException if it is not known
     */
    public TrialSnapshot trial(int number) {
        return trial(key(number));
    }

    /**
     * A trial as it stands now.
     *
     * @throws IllegalArgumentException if it is not known
     */
    public TrialSnapshot trial(TrialKey key) {
        return store.read(tx -> snapshot(
                tx,
                tx.trial(key)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "There is no trial " + key + "; submit it, then discover."))));
    }

    /**
     * A stage of a trial as it stands now.
     *
     * @throws IllegalArgumentException if there is no such trial, or it has no such stage
     */
    public StageSnapshot stage(int number, String stage) {
        return trial(number).stage(stage);
    }

    private TrialSnapshot snapshot(StoreReader tx, Trial trial) {
        Instant now = clock.now();
        List<Attempt> history = tx.attempts(trial.id());
        List<StageSnapshot> rows = tx.stages(trial.id()).stream()
                .map(stage -> new StageSnapshot(
                        trial.key(),
                        stage,
                        history.stream()
                                .filter(attempt -> attempt.stageId() == stage.id())
                                .toList(),
                        now))
                .toList();
        List<Event> events = new ArrayList<>(tx.events(trial.id(), Integer.MAX_VALUE));
        Collections.reverse(events);
        return new TrialSnapshot(trial, rows, events);
    }

    /** What an operator may do, by whatever pipeline or command. */
    public Operations operations() {
        return new Operations(store());
    }

    /** The store, by the kit's clock. */
    public PipelineStore store() {
        return store;
    }

    /** The clock; {@link #advance} moves it. */
    public ManualClock clock() {
        return clock;
    }

    /** Where the made-up trials come from; more can be added to it, of other studies too. */
    public InMemoryTrialSource source() {
        return source;
    }

    /** The pipeline of the present runner; it is started if there is none yet. */
    public Pipeline pipeline() {
        if (pipeline == null) {
            restart();
        }
        return pipeline;
    }

    // ---- the end

    /**
     * Looks for impossible states.
     *
     * @throws AssertionError if there is one
     */
    public PipelineTestKit checkInvariants() {
        InvariantsAfterEach.check(store);
        return this;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            checkInvariants();
        } finally {
            close();
        }
    }

    /** Ends all that was started, and closes the store. */
    @Override
    public void close() {
        started.forEach(Pipeline::close);
        store.close();
    }
}
