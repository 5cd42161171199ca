package io.pipelinev2.core.store;

import static io.pipelinev2.core.store.StoreSamples.AT;
import static io.pipelinev2.core.store.StoreSamples.AWKWARD;
import static io.pipelinev2.core.store.StoreSamples.STORAGE;
import static io.pipelinev2.core.store.StoreSamples.attempt;
import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.full;
import static io.pipelinev2.core.store.StoreSamples.fullStage;
import static io.pipelinev2.core.store.StoreSamples.process;
import static io.pipelinev2.core.store.StoreSamples.results;
import static io.pipelinev2.core.store.StoreSamples.stage;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.EquityPoint;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PipelineStore} keeps. A store's own test extends this and says how to open one; a store of yours may
 * do the same.
 */
public abstract class StoreContract {

    private static final Set<String> BOTH = Set.of("backtest", "deploy");

    protected final ManualClock clock = new ManualClock();
    protected PipelineStore store;

    /** An empty store. Stores whose time is not a server's take it from the clock. */
    protected abstract PipelineStore open(Clock clock);

    @BeforeEach
    void open_an_empty_store() {
        store = open(clock);
    }

    @AfterEach
    void close_the_store() {
        store.close();
    }

    // ---- studies

    @Test
    void a_study_comes_back_as_it_was_stored() {
        Study first = new Study(
                0,
                STORAGE,
                AWKWARD,
                "label of " + AWKWARD,
                Long.MAX_VALUE,
                3,
                List.of(Direction.MAXIMIZE, Direction.MINIMIZE, Direction.NOT_SET));
        Study stored = store.write(writer -> writer.insert(first));

        assertThat(stored).isEqualTo(first.withId(stored.id()));
        assertThat(stored.id()).isPositive();
        assertThat(store.<Optional<Study>>read(reader -> reader.study(STORAGE, AWKWARD)))
                .contains(stored);
    }

    @Test
    void studies_are_listed_in_the_order_they_were_stored() {
        Study b = insert(study("b"));
        Study a = insert(study("a"));

        assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(b, a);
    }

    @Test
    void the_newest_incarnation_of_a_study_is_found() {
        Study first = insert(study("ppo"));
        Study second = store.write(writer -> {
            writer.relabel(first, "ppo@1");
            return writer.insert(first.reborn(9, List.of(Direction.MINIMIZE)));
        });
        insert(new Study(0, "another storage", "ppo", "elsewhere", 1, 7, List.of()));

        assertThat(store.<Optional<Study>>read(reader -> reader.study(STORAGE, "ppo")))
                .contains(second);
        assertThat(store.<Optional<Study>>read(reader -> reader.study(STORAGE, "unknown")))
                .isEmpty();
    }

    @Test
    void a_new_label_of_a_study_changes_the_keys_of_its_trials_and_deployments() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 4));
        Deployment deployment = insert(deployment(trial));

        store.write(writer -> {
            writer.relabel(study, "ppo@1");
            return null;
        });

        TrialKey key = new TrialKey("ppo@1", 4);
        assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study.withLabel("ppo@1"));
        assertThat(find(trial).key()).isEqualTo(key);
        assertThat(find(trial).source().study()).isEqualTo("ppo");
        assertThat(find(deployment).key()).isEqualTo(key);
        assertThat(store.<Optional<Trial>>read(reader -> reader.trial(key)).map(Trial::id))
                .contains(trial.id());
        assertThat(store.<Optional<Trial>>read(reader -> reader.trial(new TrialKey("ppo", 4))))
                .isEmpty();
    }

    @Test
    void a_label_is_changed_only_from_the_one_that_was_read() {
        Study study = insert(study("ppo"));
        store.write(writer -> {
            writer.relabel(study, "ppo@1");
            return null;
        });

        refusedAsStale(writer -> writer.relabel(study, "ppo@2"));

        assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study.withLabel("ppo@1"));
    }

    @Test
    void a_label_names_one_study() {
        Study study = insert(study("ppo"));

        refusedAsStale(writer -> writer.insert(new Study(0, "another storage", "ppo", "ppo", 1, 1, List.of())));

        assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study);
    }

    // ---- trials

    @Test
    void a_trial_comes_back_as_it_was_stored() {
        Study study = insert(new Study(
                0, STORAGE, "ppo", "ppo", 12, 1, List.of(Direction.MAXIMIZE, Direction.MINIMIZE, Direction.MAXIMIZE)));
        Trial trial = new Trial(
                0,
                study.id(),
                new TrialKey("ppo", Integer.MAX_VALUE),
                new SourceTrial("ppo", 12, Long.MAX_VALUE, Integer.MAX_VALUE, "2026-01-29 21:30:00.123456"),
                Arrays.asList(0.1 + 0.2, Double.POSITIVE_INFINITY, null),
                study.directions(),
                TrialStatus.FAILED,
                "held " + AWKWARD,
                true,
                AWKWARD,
                Long.MAX_VALUE,
                AT,
                AT.plusMillis(1));
        Trial stored = insert(trial);

        assertThat(stored).isEqualTo(trial.withId(stored.id()));
        assertThat(find(stored)).isEqualTo(stored);
        assertThat(store.<Optional<Trial>>read(reader -> reader.trial(trial.key())))
                .contains(stored);
    }

    @Test
    void a_trial_with_all_left_out_that_may_be_comes_back_as_it_was_stored() {
        Study study = insert(new Study(0, STORAGE, "ppo", "ppo", 0, 1, List.of()));
        Trial stored = insert(trial(study, 0, TrialStatus.PENDING, List.of()));

        assertThat(find(stored)).isEqualTo(stored);
        assertThat(find(stored).value()).isNull();
    }

    @Test
    void values_may_be_infinite_or_undefined() {
        Study study = insert(study("ppo"));
        List<List<Double>> all = List.of(
                List.of(Double.POSITIVE_INFINITY),
                List.of(Double.NEGATIVE_INFINITY),
                Arrays.asList((Double) null),
                List.of(-0.0),
                List.of(Double.MIN_VALUE, -Double.MAX_VALUE));
        for (int i = 0; i < all.size(); i++) {
            insert(trial(study, i, TrialStatus.PENDING, all.get(i)));
        }

        assertThat(store.<List<Trial>>read(StoreReader::trials))
                .extracting(Trial::values)
                .isEqualTo(all);
    }

    @Test
    void what_is_not_there_is_not_found() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 1));

        store.read(reader -> {
            assertThat(reader.trial(trial.id() + 1000)).isEmpty();
            assertThat(reader.trial(new TrialKey("ppo", 2))).isEmpty();
            assertThat(reader.trial(new TrialKey("PPO", 1))).isEmpty();
            assertThat(reader.trialsOf(study.id() + 1000)).isEmpty();
            assertThat(reader.stages(trial.id())).isEmpty();
            assertThat(reader.stage(trial.id(), "backtest")).isEmpty();
            assertThat(reader.stagesByTrial()).isEmpty();
            assertThat(reader.due(BOTH, AT, 10)).isEmpty();
            assertThat(reader.nextDue(BOTH)).isEmpty();
            assertThat(reader.running()).isEmpty();
            assertThat(reader.attempts(trial.id())).isEmpty();
            assertThat(reader.attempt(1, 1)).isEmpty();
            assertThat(reader.unendedAttempts()).isEmpty();
            assertThat(reader.latestTokens()).isEmpty();
            assertThat(reader.deployments()).isEmpty();
            assertThat(reader.deployment(1)).isEmpty();
            assertThat(reader.deploymentOf(trial.id())).isEmpty();
            assertThat(reader.processRuns(1)).isEmpty();
            assertThat(reader.events(null, 10)).isEmpty();
            assertThat(reader.events(trial.id(), 10)).isEmpty();
            assertThat(reader.latestHealth()).isEmpty();
            assertThat(reader.health(null, 10)).isEmpty();
            assertThat(reader.openAlerts()).isEmpty();
            assertThat(reader.alerts(10)).isEmpty();
            assertThat(reader.alert(1)).isEmpty();
            assertThat(reader.alert("disk", "")).isEmpty();
            assertThat(reader.deliveries(1)).isEmpty();
            assertThat(reader.undelivered("log", 10)).isEmpty();
            assertThat(reader.alertChannels()).isEmpty();
            assertThat(reader.setting("last_check")).isEmpty();
            return null;
        });
    }

    @Test
    void trials_are_listed_in_order_of_their_keys() {
        Study b = insert(study("b"));
        Study a = insert(study("a"));
        Study upper = insert(study("B"));
        Trial b10 = insert(trial(b, 10));
        Trial b9 = insert(trial(b, 9));
        Trial a11 = insert(trial(a, 11));
        Trial upper1 = insert(trial(upper, 1));

        assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactly(upper1, a11, b9, b10);
        assertThat(store.<List<Trial>>read(reader -> reader.trialsOf(b.id()))).containsExactly(b9, b10);
    }

    @Test
    void trials_are_found_and_counted_by_status() {
        Study study = insert(study("ppo"));
        Trial pending = insert(trial(study, 0, TrialStatus.PENDING));
        Trial failed = insert(trial(study, 1, TrialStatus.FAILED));
        insert(trial(study, 2, TrialStatus.DEPLOYED));
        Trial pendingToo = insert(trial(study, 3, TrialStatus.PENDING));

        store.read(reader -> {
            assertThat(reader.trialsIn(Set.of(TrialStatus.PENDING, TrialStatus.FAILED)))
                    .containsExactly(pending, failed, pendingToo);
            assertThat(reader.trialsIn(List.of())).isEmpty();
            assertThat(reader.countByStatus())
                    .containsEntry(TrialStatus.PENDING, 2L)
                    .containsEntry(TrialStatus.FAILED, 1L)
                    .containsEntry(TrialStatus.DEPLOYED, 1L);
            assertThat(reader.countByStatus().getOrDefault(TrialStatus.COMPLETED, 0L))
                    .isZero();
            return null;
        });
    }

    @Test
    void the_latest_batch_is_that_of_any_trial() {
        assertThat(store.<Long>read(StoreReader::latestBatch)).isZero();
        Study study = insert(study("ppo"));
        insert(new Trial(
                0,
                study.id(),
                new TrialKey("ppo", 0),
                new SourceTrial("ppo", 1, 100, 0, null),
                List.of(),
                List.of(),
                TrialStatus.FAILED,
                null,
                false,
                null,
                41,
                AT,
                AT));
        insert(trial(study, 1));

        assertThat(store.<Long>read(StoreReader::latestBatch)).isEqualTo(41);
    }

    @Test
    void a_trial_is_stored_once() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 4));

        refusedAsStale(writer -> writer.insert(trial(study, 4)));

        assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactly(trial);
    }

    @Test
    void an_update_of_a_trial_changes_its_status_and_reasons() {
        Trial pending = insert(trial(insert(study("ppo")), 4));
        Trial held = pending.held("parked by ann", AT.plusSeconds(1));
        Trial processing = held.become(TrialStatus.PROCESSING, null, AT.plusSeconds(2));
        Trial failed = processing.become(TrialStatus.FAILED, AWKWARD, AT.plusSeconds(3));

        update(pending, held);
        assertThat(find(pending)).isEqualTo(held);
        update(held, processing);
        assertThat(find(pending)).isEqualTo(processing);
        update(processing, failed);
        assertThat(find(pending)).isEqualTo(failed);
    }

    @Test
    void an_update_of_a_trial_is_refused_if_its_status_is_another_by_now() {
        Trial pending = insert(trial(insert(study("ppo")), 4));
        Trial failed = pending.become(TrialStatus.FAILED, "no model", AT);
        update(pending, failed);

        refusedAsStale(writer -> writer.update(pending, pending.become(TrialStatus.PROCESSING, null, AT)));
        refusedAsStale(writer -> writer.update(pending, pending.held("parked", AT)));

        assertThat(find(pending)).isEqualTo(failed);
    }

    @Test
    void trials_move_only_along_the_table_of_transitions() {
        Study study = insert(study("ppo"));
        int number = 0;
        for (TrialStatus from : TrialStatus.values()) {
            for (TrialStatus to : TrialStatus.values()) {
                Trial before = insert(trial(study, number++, from));
                Trial after = before.become(to, null, AT);
                if (from == to || from.canBecome(to)) {
                    update(before, after);
                    assertThat(find(before)).isEqualTo(after);
                } else {
                    refusedAsForbidden(writer -> writer.update(before, after));
                    assertThat(find(before)).isEqualTo(before);
                }
            }
        }
    }

    // ---- stages

    @Test
    void a_stage_comes_back_as_it_was_stored() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun stored = insert(fullStage(trial, "backtest"));

        assertThat(stored).isEqualTo(fullStage(trial, "backtest").withId(stored.id()));
        assertThat(find(stored)).isEqualTo(stored);
    }

    @Test
    void a_stage_with_all_left_out_that_may_be_comes_back_as_it_was_stored() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun stored = insert(stage(trial, AWKWARD, 0, null));

        assertThat(find(stored)).isEqualTo(stored);
    }

    @Test
    void results_keep_their_types_and_their_order() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun stored = insert(fullStage(trial, "backtest"));

        Map<String, Object> found = find(stored).results();

        assertThat(found).isEqualTo(results());
        assertThat(found.keySet()).containsExactlyElementsOf(results().keySet());
    }

    @Test
    void no_results_are_not_empty_results() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun none = insert(stage(trial, "backtest", StageStatus.PENDING));
        StageRun empty = insert(stage(trial, "deploy", StageStatus.RUNNING));
        StageRun ended = empty.ended(StageStatus.PASSED, AT, null, null, Map.of());
        update(empty, ended);

        assertThat(find(none).results()).isNull();
        assertThat(find(empty).results()).isEmpty();
    }

    @Test
    void long_texts_are_kept_whole() {
        String text = AWKWARD.repeat(20_000);
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun running = insert(stage(trial, "backtest", StageStatus.RUNNING));
        StageRun ended = running.ended(StageStatus.FAILED, AT, text, text, Map.of("text", text));
        update(running, ended);

        assertThat(find(running)).isEqualTo(ended);
    }

    @Test
    void stages_are_listed_in_their_order() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        StageRun deploy = insert(stage(one, "deploy", 2, null));
        StageRun backtest = insert(stage(one, "backtest", 0, AT));
        StageRun stress = insert(stage(one, "cge_stress", 1, null));
        StageRun other = insert(stage(two, "backtest", 0, AT));

        assertThat(store.<List<StageRun>>read(reader -> reader.stages(one.id())))
                .containsExactly(backtest, stress, deploy);
        assertThat(store.<Map<Long, List<StageRun>>>read(StoreReader::stagesByTrial))
                .isEqualTo(Map.of(one.id(), List.of(backtest, stress, deploy), two.id(), List.of(other)));
        assertThat(store.<Optional<StageRun>>read(reader -> reader.stage(two.id(), "backtest")))
                .contains(other);
    }

    @Test
    void a_trial_has_a_stage_once() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        insert(stage(trial, "backtest"));

        refusedAsStale(writer -> writer.insert(stage(trial, "backtest", 1, null)));
    }

    @Test
    void a_stage_goes_through_its_life() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun now = insert(stage(trial, "backtest", 0, null));
        for (StageRun next : life(now)) {
            update(now, next);
            assertThat(find(now)).isEqualTo(next);
            now = next;
        }
    }

    private static List<StageRun> life(StageRun waiting) {
        Lease lease = new Lease("runner-1", "host", AT.plusSeconds(60));
        StageRun due = waiting.due(AT);
        StageRun claimed = due.claimed(lease, AT.plusSeconds(1), AT.plusSeconds(61), 5);
        StageRun renewed = claimed.leased(new Lease("runner-1", "host", AT.plusSeconds(90)));
        StageRun again = renewed.again(AT.plusSeconds(100), "out of memory", "retried at 21:31");
        StageRun reclaimed = again.claimed(lease, AT.plusSeconds(101), AT.plusSeconds(161), 5);
        StageRun crashed = reclaimed.crashed(AT.plusSeconds(102), "its runner died");
        StageRun third = crashed.claimed(lease, AT.plusSeconds(103), AT.plusSeconds(163), 5);
        StageRun notReady = third.notReady(AT.plusSeconds(200), "the model has not arrived");
        StageRun fourth = notReady.claimed(lease, AT.plusSeconds(201), AT.plusSeconds(261), 5);
        StageRun failed = fourth.ended(StageStatus.FAILED, AT.plusSeconds(202), "sharpe 0.1 < 0.5", "gate", results());
        return List.of(
                due,
                claimed,
                renewed,
                again,
                reclaimed,
                crashed,
                third,
                notReady,
                fourth,
                failed,
                failed.reset(AT.plusSeconds(300), 3));
    }

    @Test
    void an_update_of_a_stage_is_refused_if_its_status_is_another_by_now() {
        StageRun pending = insert(stage(insert(trial(insert(study("ppo")), 4)), "backtest"));
        StageRun skipped = pending.ended(StageStatus.SKIPPED, AT, null, "by ann", null);
        update(pending, skipped);

        refusedAsStale(writer -> writer.update(pending, claim(pending)));

        assertThat(find(pending)).isEqualTo(skipped);
    }

    @Test
    void an_update_of_a_stage_is_refused_if_it_was_claimed_anew() {
        StageRun pending = insert(stage(insert(trial(insert(study("ppo")), 4)), "backtest"));
        StageRun late = claim(pending);
        update(pending, late);
        StageRun freed = late.crashed(AT, "its lease ended");
        update(late, freed);
        StageRun reclaimed = claim(freed);
        update(freed, reclaimed);

        refusedAsStale(writer -> writer.update(late, late.ended(StageStatus.PASSED, AT, null, "too late", Map.of())));

        assertThat(find(pending)).isEqualTo(reclaimed);
    }

    @Test
    void stages_move_only_along_the_table_of_transitions() {
        Study study = insert(study("ppo"));
        int number = 0;
        for (StageStatus from : StageStatus.values()) {
            for (StageStatus to : StageStatus.values()) {
                StageRun before = insert(stage(insert(trial(study, number++)), "backtest", from));
                StageRun after = before.ended(to, AT, null, "on to " + to, null);
                if (from.canBecome(to)) {
                    update(before, after);
                    assertThat(find(before)).isEqualTo(after);
                } else {
                    refusedAsForbidden(writer -> writer.update(before, after));
                    assertThat(find(before)).isEqualTo(before);
                }
            }
        }
    }

    @Test
    void due_stages_come_longest_due_first() {
        Study study = insert(study("ppo"));
        StageRun late = insert(stage(insert(trial(study, 0)), "backtest", 0, AT.minusMillis(1)));
        StageRun now = insert(stage(insert(trial(study, 1)), "backtest", 0, AT));
        StageRun early = insert(stage(insert(trial(study, 2)), "backtest", 0, AT.minusSeconds(9)));
        StageRun alsoNow = insert(stage(insert(trial(study, 3)), "deploy", 2, AT));
        insert(stage(insert(trial(study, 4)), "backtest", 0, AT.plusMillis(1)));
        insert(stage(insert(trial(study, 5)), "backtest", 0, null));
        insert(stage(insert(trial(study, 6)), "cge_stress", 1, AT));
        insert(fullStage(insert(trial(study, 7)), "backtest"));

        store.read(reader -> {
            assertThat(reader.due(BOTH, AT, 10)).containsExactly(early, late, now, alsoNow);
            assertThat(reader.due(BOTH, AT, 2)).containsExactly(early, late);
            assertThat(reader.due(Set.of("deploy"), AT, 10)).containsExactly(alsoNow);
            assertThat(reader.due(Set.of(), AT, 10)).isEmpty();
            assertThat(reader.due(BOTH, AT.minusSeconds(10), 10)).isEmpty();
            return null;
        });
    }

    @Test
    void the_next_due_time_is_the_earliest_of_what_is_pending() {
        Study study = insert(study("ppo"));
        insert(fullStage(insert(trial(study, 0)), "backtest"));
        insert(stage(insert(trial(study, 1)), "backtest", 0, null));
        assertThat(store.<Optional<Instant>>read(reader -> reader.nextDue(BOTH)))
                .isEmpty();

        insert(stage(insert(trial(study, 2)), "backtest", 0, AT.plusSeconds(5)));
        insert(stage(insert(trial(study, 3)), "deploy", 2, AT.minusSeconds(5)));
        insert(stage(insert(trial(study, 4)), "cge_stress", 1, AT.minusSeconds(50)));

        store.read(reader -> {
            assertThat(reader.nextDue(BOTH)).contains(AT.minusSeconds(5));
            assertThat(reader.nextDue(Set.of("backtest"))).contains(AT.plusSeconds(5));
            assertThat(reader.nextDue(Set.of())).isEmpty();
            return null;
        });
    }

    @Test
    void stages_of_parked_trials_are_not_due() {
        Study study = insert(study("ppo"));
        Trial parked = insert(trial(study, 1));
        Trial free = insert(trial(study, 2));
        insert(stage(parked, "backtest", 0, AT));
        StageRun due = insert(stage(free, "backtest", 0, AT.plusSeconds(1)));

        Trial held = parked.park("parked by ann", AT);
        update(parked, held);

        assertThat(find(parked)).isEqualTo(held);
        store.read(reader -> {
            assertThat(reader.due(BOTH, AT.plusSeconds(9), 10)).containsExactly(due);
            assertThat(reader.nextDue(BOTH)).contains(AT.plusSeconds(1));
            assertThat(reader.awaited()).containsExactly("backtest");
            return null;
        });
        store.write(writer -> {
            assertThat(writer.claimable(BOTH, AT.plusSeconds(9), 10)).containsExactly(due);
            return null;
        });
        refusedAsStale(writer -> writer.update(parked, parked.held("not knowing that it is parked", AT)));

        update(held, held.unpark(AT));

        assertThat(store.<List<StageRun>>read(reader -> reader.due(BOTH, AT.plusSeconds(9), 10)))
                .hasSize(2);
    }

    @Test
    void awaited_are_the_names_of_stages_that_are_due_now_or_later() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 1));
        insert(stage(trial, "zeta", 0, AT.plusSeconds(1_000)));
        insert(stage(trial, "not its turn", 1, null));
        insert(stage(trial, "over", StageStatus.PASSED));
        for (int number = 2; number < 5; number++) {
            insert(stage(insert(trial(study, number)), "backtest", 0, AT));
        }

        assertThat(store.<Set<String>>read(StoreReader::awaited)).containsExactlyInAnyOrder("zeta", "backtest");
    }

    @Test
    void a_stage_may_be_moved_whatever_its_status() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        for (StageStatus status : StageStatus.values()) {
            StageRun before = insert(stage(trial, status.label(), status));
            update(before, before.movedTo(7));
            assertThat(find(before)).isEqualTo(before.movedTo(7));
        }
    }

    @Test
    void what_is_claimed_by_one_is_not_claimable_for_another_meanwhile() throws Exception {
        Study study = insert(study("ppo"));
        for (int number = 0; number < 8; number++) {
            insert(stage(insert(trial(study, number)), "backtest", 0, AT));
        }
        ConcurrentLinkedQueue<Long> claimed = new ConcurrentLinkedQueue<>();
        List<Callable<Void>> runners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String runner = "runner-" + i;
            runners.add(() -> {
                store.write(writer -> {
                    for (StageRun stage : writer.claimable(BOTH, AT, 2)) {
                        writer.update(stage, claim(stage, runner));
                        claimed.add(stage.id());
                    }
                    return null;
                });
                return null;
            });
        }
        together(runners);

        assertThat(claimed).hasSize(8).doesNotHaveDuplicates();
    }

    // ---- evidence

    @Test
    void series_come_back_to_the_last_bit_and_by_what_they_were_measured_on() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        Trial other = insert(trial(study, 3));
        Series equity = new Series("equity", "data-1", new double[] {500, 0.1 + 0.2, -0.0, Double.MIN_VALUE});
        Series cash = new Series("cash", "data-1", new double[0]);
        Series better = new Series("equity", "data-1", new double[] {Double.MAX_VALUE});
        Series elsewhere = new Series("equity", "data-2", new double[] {1});
        write(writer -> {
            writer.put(one.id(), "backtest", List.of(equity, cash));
            writer.put(two.id(), "backtest", List.of(better));
            writer.put(other.id(), "backtest", List.of(elsewhere));
            writer.put(other.id(), AWKWARD, List.of(equity));
        });

        store.read(reader -> {
            assertThat(reader.series("backtest", "equity", "data-1"))
                    .isEqualTo(Map.of(one.id(), equity, two.id(), better));
            assertThat(reader.series("backtest", "equity", "data-3")).isEmpty();
            assertThat(reader.seriesOf(one.id(), "backtest")).containsExactly(cash, equity);
            assertThat(reader.seriesOf(one.id(), "stress")).isEmpty();
            assertThat(reader.bases("backtest", "equity"))
                    .extracting(SeriesBasis::basis, SeriesBasis::count)
                    .containsExactly(tuple("data-1", 2), tuple("data-2", 1));
            assertThat(reader.bases("backtest", "drawdown")).isEmpty();
            return null;
        });
    }

    @Test
    void what_a_stage_measures_takes_the_place_of_what_it_measured_before() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        Series before = new Series("equity", "data-1", new double[] {1});
        Series cash = new Series("cash", "data-1", new double[] {2});
        Series after = new Series("equity", "data-2", new double[] {3});
        write(writer -> writer.put(trial.id(), "backtest", List.of(before, cash)));
        write(writer -> writer.put(trial.id(), "backtest", List.of(after)));

        store.read(reader -> {
            assertThat(reader.seriesOf(trial.id(), "backtest")).containsExactly(after);
            assertThat(reader.bases("backtest", "equity"))
                    .extracting(SeriesBasis::basis)
                    .containsExactly("data-2");
            return null;
        });
        List<SeriesBasis> seen = store.read(reader -> reader.bases("backtest", "equity"));
        write(writer -> writer.put(trial.id(), "backtest", List.of(after)));
        assertThat(store.<List<SeriesBasis>>read(reader -> reader.bases("backtest", "equity")))
                .as("that it was measured again can be told")
                .isNotEqualTo(seen)
                .extracting(SeriesBasis::count)
                .containsExactly(1);

        write(writer -> writer.put(trial.id(), "backtest", List.of()));
        assertThat(store.<List<Series>>read(reader -> reader.seriesOf(trial.id(), "backtest")))
                .isEmpty();
    }

    @Test
    void the_latest_series_is_another_one_whenever_something_was_measured() {
        assertThat(store.<Long>read(StoreReader::latestSeries)).isZero();
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        Series equity = new Series("equity", "data-1", new double[] {1});
        Set<Long> seen = new HashSet<>();
        for (Trial trial : List.of(one, two, one, one)) {
            write(writer -> writer.put(trial.id(), "backtest", List.of(equity)));
            assertThat(seen.add(store.<Long>read(StoreReader::latestSeries))).isTrue();
        }
        write(writer -> {
            writer.put(one.id(), "backtest", List.of());
            writer.put(two.id(), "backtest", List.of());
        });
        assertThat(store.<Long>read(StoreReader::latestSeries)).isZero();
    }

    @Test
    void that_an_earlier_series_was_replaced_can_be_told_even_if_a_later_one_stays_the_latest() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        Series equity = new Series("equity", "data-1", new double[] {1});
        write(writer -> writer.put(one.id(), "backtest", List.of(equity)));
        SeriesBasis alone = onlyBasis();
        assertThat(alone.sum()).isEqualTo(alone.latest());

        write(writer -> writer.put(two.id(), "backtest", List.of(equity)));
        SeriesBasis both = onlyBasis();
        assertThat(both.latest()).isGreaterThan(alone.latest());
        assertThat(both.sum()).as("every id counts, not the greatest alone").isEqualTo(alone.latest() + both.latest());
    }

    private SeriesBasis onlyBasis() {
        List<SeriesBasis> bases = store.read(reader -> reader.bases("backtest", "equity"));
        assertThat(bases).hasSize(1);
        return bases.get(0);
    }

    @Test
    void a_finding_comes_back_as_it_was_stored_and_takes_the_place_of_an_earlier_one() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        Finding fine = new Finding(one.id(), "overfit", null, results(), AT);
        Finding sealed = new Finding(one.id(), AWKWARD, AWKWARD, Map.of(), AT);
        Finding bad = new Finding(two.id(), "overfit", "luck would do as well", Map.of("dsr", 0.3), AT);
        write(writer -> {
            writer.put(fine);
            writer.put(sealed);
            writer.put(bad);
        });

        store.read(reader -> {
            assertThat(reader.findings(one.id())).containsExactlyInAnyOrder(fine, sealed);
            assertThat(reader.objections("overfit")).isEqualTo(Map.of(one.id(), "", two.id(), "luck would do as well"));
            assertThat(reader.objections("nothing")).isEmpty();
            return null;
        });

        Finding later = new Finding(one.id(), "overfit", "the study has grown", Map.of("dsr", 0.9), AT.plusSeconds(9));
        write(writer -> writer.put(later));
        assertThat(store.<List<Finding>>read(reader -> reader.findings(one.id())))
                .containsExactlyInAnyOrder(later, sealed);
    }

    @Test
    void the_counts_of_a_study_are_the_last_that_were_recorded() {
        Study study = insert(study("ppo"));
        assertThat(study.counts()).isNull();
        write(writer -> writer.update(study, new TrialCounts(28, Long.MAX_VALUE)));
        assertThat(store.<List<Study>>read(StoreReader::studies))
                .containsExactly(study.withCounts(new TrialCounts(28, Long.MAX_VALUE)));
        write(writer -> writer.update(study, null));
        assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study);
    }

    // ---- preferences and ledgers

    @Test
    void what_an_operator_decided_about_a_trial_is_kept_until_it_is_taken_back() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        Preference pinned = new Preference(one.id(), Preference.Kind.PINNED, AWKWARD, "ann", "cli", AT);
        Preference never = new Preference(two.id(), Preference.Kind.NEVER, "", "ben", "api", AT);
        write(writer -> {
            writer.put(pinned);
            writer.put(never);
        });
        assertThat(store.<Map<Long, Preference>>read(StoreReader::preferences))
                .isEqualTo(Map.of(one.id(), pinned, two.id(), never));

        Preference other = new Preference(one.id(), Preference.Kind.NEVER, "", "ann", "cli", AT.plusSeconds(1));
        write(writer -> {
            writer.put(other);
            writer.deletePreference(two.id());
            writer.deletePreference(two.id());
        });
        assertThat(store.<Map<Long, Preference>>read(StoreReader::preferences)).isEqualTo(Map.of(one.id(), other));
    }

    @Test
    void a_ledger_is_appended_to_in_order_and_without_gaps() {
        Study study = insert(study("ppo"));
        Deployment one = insert(deployment(insert(trial(study, 1))));
        Deployment two = insert(deployment(insert(trial(study, 2))));
        LedgerEntry open = new LedgerEntry(one.id(), 1, "open", AT, null, null, results());
        LedgerEntry bar = new LedgerEntry(one.id(), 2, "bar", AT.plusSeconds(1), 1L, 499.875, Map.of("cash", 1.5));
        LedgerEntry other = new LedgerEntry(two.id(), 1, AWKWARD, AT, 7L, -0.1, Map.of());
        write(writer -> writer.append(List.of(open, other, bar)));

        assertThat(store.<List<LedgerEntry>>read(tx -> tx.ledger(one.id(), 0, 9)))
                .containsExactly(open, bar);
        assertThat(store.<List<LedgerEntry>>read(tx -> tx.ledger(one.id(), 0, 1)))
                .containsExactly(open);
        assertThat(store.<List<LedgerEntry>>read(tx -> tx.ledger(one.id(), 1, 9)))
                .containsExactly(bar);
        assertThat(store.<Long>read(tx -> tx.lastLedgerSequence(one.id()))).isEqualTo(2);
        assertThat(store.<Long>read(tx -> tx.lastLedgerSequence(-1))).isZero();

        LedgerEntry gap = new LedgerEntry(one.id(), 4, "bar", AT, 3L, 1.0, Map.of());
        assertThatThrownBy(() -> write(writer -> writer.append(List.of(gap))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ends with entry 2, so entry 4");
        assertThatThrownBy(() -> write(writer -> writer.append(List.of(bar))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.<Long>read(tx -> tx.lastLedgerSequence(one.id()))).isEqualTo(2);
    }

    // ---- holds

    @Test
    void a_hold_comes_back_as_it_was_stored_until_it_is_ended() {
        StageHold all = StageHold.paused(StageHold.EVERY_STAGE, AWKWARD, "ann", "cli", AT);
        StageHold one = StageHold.tripped("backtest", "disk full", AT, AT.plusSeconds(30));
        write(writer -> {
            writer.put(one);
            writer.put(all);
        });

        assertThat(store.<List<StageHold>>read(StoreReader::holds)).containsExactly(all, one);

        StageHold probed = one.probed(AT.plusSeconds(90));
        write(writer -> writer.put(probed));
        write(writer -> writer.delete(all));

        assertThat(store.<List<StageHold>>read(StoreReader::holds)).containsExactly(probed);
    }

    // ---- retention

    @Test
    void pruning_forgets_old_history_of_what_is_over_and_nothing_else() {
        Study study = insert(study("ppo"));
        for (TrialStatus status : TrialStatus.values()) {
            Trial trial = insert(trial(study, status.ordinal(), status));
            StageRun stage = insert(stage(trial, "backtest", 0, null));
            insert(attempt(stage, 1, 1).ended(Attempt.Outcome.PASSED, AT, null, null));
            insert(attempt(stage, 2, 2).ended(Attempt.Outcome.PASSED, AT.plusSeconds(100), null, null));
            insert(attempt(stage, 3, 3));
            write(writer -> {
                writer.append(Event.byEngine(AT, EventType.STAGE_PASSED, trial.id(), "backtest", "old"));
                writer.append(Event.byEngine(AT, EventType.OPERATOR_STOP, trial.id(), "deploy", "old, but kept"));
                writer.append(
                        Event.byEngine(AT.plusSeconds(100), EventType.STAGE_PASSED, trial.id(), "backtest", "new"));
            });
        }
        write(writer -> {
            writer.append(Event.byEngine(AT, EventType.OPERATOR_PAUSE, null, null, "old"));
            writer.record(new HealthReport("manager", HealthStatus.HEALTHY, "older", AT.minusSeconds(1)));
            writer.record(new HealthReport("manager", HealthStatus.HEALTHY, "old", AT));
            writer.record(new HealthReport("deploy", HealthStatus.DOWN, "the last of its kind", AT));
            writer.record(new HealthReport("manager", HealthStatus.HEALTHY, "new", AT.plusSeconds(100)));
        });
        Instant before = AT.plusSeconds(50);

        assertThat(store.<Integer>write(writer -> writer.prune(before, 1))).isEqualTo(3);
        int rows = 0;
        for (int batch = 1; batch > 0; rows += batch) {
            batch = store.<Integer>write(writer -> writer.prune(before, 1));
        }

        // all in all: an attempt and an event of two trials that are over, an event of none, two of the three reports
        assertThat(rows).isEqualTo(2 + 2 + 1 + 2 - 3);
        store.read(reader -> {
            for (Trial trial : reader.trials()) {
                boolean over = trial.status() == TrialStatus.COMPLETED || trial.status() == TrialStatus.FAILED;
                assertThat(reader.attempts(trial.id()))
                        .extracting(Attempt::number)
                        .isEqualTo(over ? List.of(2, 3) : List.of(1, 2, 3));
                assertThat(reader.events(trial.id(), 10))
                        .extracting(Event::message)
                        .isEqualTo(over ? List.of("new", "old, but kept") : List.of("new", "old, but kept", "old"));
            }
            assertThat(reader.latestHealth())
                    .extracting(HealthReport::message)
                    .containsExactly("the last of its kind", "new");
            return null;
        });
    }

    @Test
    void the_version_changes_when_somebody_commits_and_only_then() {
        if (store.version().isEmpty()) {
            return;
        }
        OptionalLong first = store.version();
        store.read(StoreReader::trials);
        assertThat(store.version()).isEqualTo(first);
        insert(study("ppo"));
        assertThat(store.version()).isNotEqualTo(first);
    }

    @Test
    void who_locks_a_name_keeps_others_waiting_who_lock_it_too() throws Exception {
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(() -> {
                for (int n = 0; n < 10; n++) {
                    write(writer -> {
                        writer.lock("counter");
                        int count =
                                writer.setting("count").map(Integer::parseInt).orElse(0);
                        writer.put("count", Integer.toString(count + 1));
                    });
                }
                return null;
            });
        }
        together(writers);

        assertThat(store.<Optional<String>>read(reader -> reader.setting("count")))
                .contains("40");
    }

    @Test
    void running_stages_are_found() {
        Study study = insert(study("ppo"));
        insert(stage(insert(trial(study, 0)), "backtest"));
        StageRun running = insert(fullStage(insert(trial(study, 1)), "backtest"));

        assertThat(store.<List<StageRun>>read(StoreReader::running)).containsExactly(running);
    }

    // ---- attempts

    @Test
    void attempts_come_back_as_they_were_stored_in_order() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun backtest = insert(stage(trial, "backtest"));
        StageRun stress = insert(stage(trial, "cge_stress", 1, null));
        List<Attempt> attempts = new ArrayList<>();
        long token = 0;
        for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
            Attempt begun = attempt(outcome.ordinal() % 2 == 0 ? backtest : stress, 1, ++token);
            attempts.add(insert(begun.ended(outcome, AT.plusSeconds(token), AWKWARD, "at Foo.bar\n\tat Baz")));
        }
        attempts.add(insert(attempt(backtest, 9, ++token)));

        assertThat(store.<List<Attempt>>read(reader -> reader.attempts(trial.id())))
                .isEqualTo(attempts);
        assertThat(store.<List<Attempt>>read(reader -> reader.attempts(trial.id() + 1000)))
                .isEmpty();
    }

    @Test
    void an_attempt_is_found_by_its_claim_and_ended() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun stage = insert(stage(trial, "backtest"));
        Attempt first = insert(attempt(stage, 1, 1));
        Attempt second = insert(attempt(stage, 1, 2));
        Attempt ended = first.ended(Attempt.Outcome.ERROR, AT.plusSeconds(3), AWKWARD, null);

        store.write(writer -> {
            writer.update(ended);
            return null;
        });

        store.read(reader -> {
            assertThat(reader.attempt(stage.id(), 1)).contains(ended);
            assertThat(reader.attempt(stage.id(), 2)).contains(second);
            assertThat(reader.attempt(stage.id(), 3)).isEmpty();
            return null;
        });
    }

    @Test
    void a_claim_has_one_attempt() {
        StageRun stage = insert(stage(insert(trial(insert(study("ppo")), 4)), "backtest"));
        insert(attempt(stage, 1, 1));

        refusedAsStale(writer -> writer.insert(attempt(stage, 2, 1)));
    }

    @Test
    void an_attempt_is_forgotten_and_its_id_is_not_given_again() {
        Trial trial = insert(trial(insert(study("ppo")), 4));
        StageRun stage = insert(stage(trial, "backtest"));
        Attempt forgotten = insert(attempt(stage, 1, 1));
        store.write(writer -> {
            writer.delete(forgotten);
            return null;
        });

        Attempt next = insert(attempt(stage, 1, 2));

        assertThat(next.id()).isGreaterThan(forgotten.id());
        assertThat(store.<List<Attempt>>read(reader -> reader.attempts(trial.id())))
                .containsExactly(next);
        refusedAsStale(writer -> writer.update(forgotten));
    }

    @Test
    void attempts_that_have_not_ended_are_found_whatever_their_trial() {
        Study study = insert(study("ppo"));
        StageRun one = insert(stage(insert(trial(study, 1)), "backtest"));
        StageRun two = insert(stage(insert(trial(study, 2)), "backtest"));
        insert(attempt(one, 1, 1).ended(Attempt.Outcome.ERROR, AT, null, null));
        Attempt later = insert(attempt(two, 1, 1));
        Attempt running = insert(attempt(one, 2, 2));
        Attempt withoutEnd = insert(attempt(two, 2, 2, Attempt.Outcome.PASSED));

        assertThat(store.<List<Attempt>>read(StoreReader::unendedAttempts)).containsExactly(later, running, withoutEnd);
    }

    @Test
    void the_latest_token_of_each_stage_is_that_of_any_of_its_attempts() {
        Study study = insert(study("ppo"));
        StageRun one = insert(stage(insert(trial(study, 1)), "backtest"));
        StageRun two = insert(stage(insert(trial(study, 2)), "backtest"));
        insert(stage(insert(trial(study, 3)), "backtest"));
        insert(attempt(one, 1, 7));
        insert(attempt(one, 2, 5));
        insert(attempt(two, 1, 1L << 34));

        assertThat(store.<Map<Long, Long>>read(StoreReader::latestTokens))
                .containsOnly(Map.entry(one.id(), 7L), Map.entry(two.id(), 1L << 34));
    }

    // ---- deployments

    @Test
    void a_deployment_comes_back_as_it_was_stored() {
        Study study = insert(study("ppo"));
        Deployment plain = insert(deployment(insert(trial(study, 1))));
        Deployment filled = insert(full(deployment(insert(trial(study, 2))), plain.id()));

        assertThat(find(plain)).isEqualTo(plain);
        assertThat(find(filled)).isEqualTo(filled);
        assertThat(filled.id()).isGreaterThan(plain.id());
        assertThat(store.<List<Deployment>>read(StoreReader::deployments)).containsExactly(plain, filled);
    }

    @Test
    void an_update_of_a_deployment_gives_it_a_new_version() {
        Study study = insert(study("ppo"));
        Deployment other = insert(deployment(insert(trial(study, 1))));
        Deployment first = insert(deployment(insert(trial(study, 2))));
        Deployment second = update(first, full(first, other.id()));
        Deployment third = update(
                second, second.change().process(null).host(null).replaces(null).done());

        assertThat(second).isEqualTo(full(first, other.id()).stored(first.id(), first.version() + 1));
        assertThat(third.version()).isEqualTo(first.version() + 2);
        assertThat(find(first)).isEqualTo(third);
        assertThat(find(other)).isEqualTo(other);
    }

    @Test
    void an_update_of_a_deployment_is_refused_if_it_is_of_another_version_by_now() {
        Deployment first = insert(deployment(insert(trial(insert(study("ppo")), 1))));
        Deployment second = update(first, first.change().restarts(1).done());

        refusedAsStale(writer -> writer.update(first, first.change().restarts(2).done()));

        assertThat(find(first)).isEqualTo(second);
    }

    @Test
    void deployments_move_only_along_the_table_of_transitions() {
        Study study = insert(study("ppo"));
        int number = 0;
        for (DeploymentStatus from : DeploymentStatus.values()) {
            for (DeploymentStatus to : DeploymentStatus.values()) {
                Deployment before = insert(deployment(insert(trial(study, number++)), from));
                Deployment after = before.change().status(to).done();
                if (from.canBecome(to)) {
                    assertThat(find(update(before, after)).status()).isEqualTo(to);
                } else {
                    refusedAsForbidden(writer -> writer.update(before, after));
                }
            }
        }
    }

    @Test
    void a_deployment_may_be_of_any_health() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        for (DeploymentHealth health : DeploymentHealth.values()) {
            Deployment stored =
                    insert(deployment(trial).change().health(health, null).done());
            assertThat(find(stored)).isEqualTo(stored);
        }
    }

    @Test
    void the_newest_deployment_of_a_trial_is_found() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 1));
        insert(deployment(trial));
        Deployment newest = insert(deployment(trial));
        insert(deployment(insert(trial(study, 2))));

        assertThat(store.<Optional<Deployment>>read(reader -> reader.deploymentOf(trial.id())))
                .contains(newest);
    }

    @Test
    void process_runs_come_back_as_they_were_stored_in_order() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        Deployment deployment = insert(deployment(trial));
        Deployment other = insert(deployment(trial));
        ProcessRun first = insert(ProcessRun.started(deployment.id(), process(100), AT));
        ProcessRun second = insert(ProcessRun.started(deployment.id(), process(101), AT.plusSeconds(9)));
        insert(ProcessRun.started(other.id(), process(102), AT));
        ProcessRun crashed = first.ended(AT.plusSeconds(5), 137, true, "killed " + AWKWARD);
        ProcessRun unknown = second.ended(AT.plusSeconds(12), null, false, "adopted, left no record");

        store.write(writer -> {
            writer.update(crashed);
            return null;
        });
        assertThat(store.<List<ProcessRun>>read(reader -> reader.processRuns(deployment.id())))
                .containsExactly(crashed, second);
        store.write(writer -> {
            writer.update(unknown);
            return null;
        });
        assertThat(store.<List<ProcessRun>>read(reader -> reader.processRuns(deployment.id())))
                .containsExactly(crashed, unknown);
    }

    // ---- events, health, settings

    @Test
    void events_come_newest_first() {
        Study study = insert(study("ppo"));
        Trial one = insert(trial(study, 1));
        Trial two = insert(trial(study, 2));
        store.write(writer -> {
            writer.append(Event.byEngine(AT, EventType.TRIAL_DISCOVERED, one.id(), null, "first"));
            // older, but appended later
            writer.append(Event.byEngine(AT.minusSeconds(9), EventType.STAGE_PASSED, two.id(), "backtest", "second"));
            writer.append(new Event(0, AT, EventType.OPERATOR_SKIP, one.id(), "deploy", "ann", "cli", AWKWARD));
            writer.append(Event.byEngine(AT, EventType.STUDY_REBORN, null, null, "fourth"));
            return null;
        });

        store.read(reader -> {
            assertThat(reader.events(null, 10))
                    .extracting(Event::message)
                    .containsExactly("fourth", AWKWARD, "second", "first");
            assertThat(reader.events(null, 2)).extracting(Event::message).containsExactly("fourth", AWKWARD);
            assertThat(reader.events(one.id(), 10)).extracting(Event::message).containsExactly(AWKWARD, "first");
            assertThat(reader.events(one.id(), 1)).extracting(Event::message).containsExactly(AWKWARD);
            Event skip = reader.events(one.id(), 1).get(0);
            assertThat(skip)
                    .isEqualTo(new Event(
                            skip.id(), AT, EventType.OPERATOR_SKIP, one.id(), "deploy", "ann", "cli", AWKWARD));
            assertThat(reader.events(null, 10)).extracting(Event::id).isSortedAccordingTo((a, b) -> Long.compare(b, a));
            return null;
        });
    }

    @Test
    void events_may_be_of_any_type() {
        store.write(writer -> {
            for (EventType type : EventType.values()) {
                writer.append(Event.byEngine(AT, type, null, null, type.label()));
            }
            return null;
        });

        assertThat(store.<List<Event>>read(reader -> reader.events(null, 1000)))
                .hasSize(EventType.values().length)
                .allSatisfy(event ->
                        assertThat(event.message()).isEqualTo(event.type().label()));
    }

    private static Alert alert(String subject) {
        return Alert.opened("disk", subject, Alert.Severity.WARNING, AWKWARD, AT);
    }

    private Alert insert(Alert alert) {
        return store.write(writer -> writer.insert(alert));
    }

    @Test
    void an_alert_comes_back_as_it_was_stored() {
        Alert bare = insert(alert(""));
        Alert full = insert(alert(AWKWARD)
                .change()
                .seen(Alert.Severity.CRITICAL, "full")
                .updatedAt(AT.plusSeconds(1))
                .absentSince(AT.plusSeconds(2))
                .resolvedAt(AT.plusSeconds(3))
                .noticed(Alert.Notice.RESOLVED, AT.plusSeconds(4))
                .remindAt(AT.plusSeconds(5))
                .acknowledgedBy(AWKWARD)
                .silenced(AT.plusSeconds(6), AWKWARD)
                .done());

        store.read(reader -> {
            assertThat(reader.alert(bare.id())).contains(bare);
            assertThat(reader.alert(full.id())).contains(full);
            assertThat(reader.alerts(10)).containsExactly(full, bare);
            assertThat(reader.alerts(1)).containsExactly(full);
            assertThat(reader.openAlerts()).containsExactly(bare);
            return null;
        });
        Alert changed = bare.change()
                .seen(Alert.Severity.CRITICAL, "worse")
                .noticed(Alert.Notice.OPENED, AT)
                .done();
        write(writer -> writer.update(changed));
        assertThat(store.<Optional<Alert>>read(reader -> reader.alert(bare.id())))
                .contains(changed);
    }

    @Test
    void the_newest_alert_of_a_rule_on_a_subject_is_found() {
        Alert first =
                insert(alert("ppo/1").change().resolvedAt(AT.plusSeconds(1)).done());
        Alert second = insert(alert("ppo/1"));
        insert(alert("PPO/1"));

        assertThat(first.id()).isLessThan(second.id());
        assertThat(store.<Optional<Alert>>read(reader -> reader.alert("disk", "ppo/1")))
                .contains(second);
        assertThat(store.<Optional<Alert>>read(reader -> reader.alert("drift", "ppo/1")))
                .isEmpty();
    }

    @Test
    void a_channel_is_told_the_latest_of_each_alert_only() {
        Alert one = insert(alert("a"));
        Alert other = insert(alert("b"));
        Alert.Delivery late =
                new Alert.Delivery(one.id(), "mail", Alert.Notice.OPENED, AT, 3, AT.plusSeconds(60), null, AWKWARD);
        Alert.Delivery early =
                new Alert.Delivery(other.id(), "mail", Alert.Notice.OPENED, AT, 0, AT.plusSeconds(1), null, null);
        Alert.Delivery done =
                new Alert.Delivery(one.id(), "log", Alert.Notice.OPENED, AT, 1, null, AT.plusSeconds(2), null);
        write(writer -> {
            writer.put(late);
            writer.put(early);
            writer.put(done);
        });

        store.read(reader -> {
            assertThat(reader.deliveries(one.id())).containsExactly(done, late);
            assertThat(reader.undelivered("mail", 10)).containsExactly(early, late);
            assertThat(reader.undelivered("mail", 1)).containsExactly(early);
            assertThat(reader.undelivered("log", 10)).isEmpty();
            return null;
        });
        Alert.Delivery later = new Alert.Delivery(
                one.id(), "mail", Alert.Notice.RESOLVED, AT.plusSeconds(9), 0, AT.plusSeconds(9), null, null);
        write(writer -> writer.put(later));
        assertThat(store.<List<Alert.Delivery>>read(reader -> reader.deliveries(one.id())))
                .containsExactly(done, later);
    }

    @Test
    void how_a_channel_has_done_is_kept() {
        Alert.Channel mail = new Alert.Channel("mail", AT, AT.plusSeconds(1), AWKWARD);
        Alert.Channel log = new Alert.Channel("log", null, null, null);
        write(writer -> {
            writer.put(new Alert.Channel("mail", null, AT, "no"));
            writer.put(mail);
            writer.put(log);
        });

        assertThat(store.<List<Alert.Channel>>read(StoreReader::alertChannels)).containsExactly(log, mail);
        assertThat(mail.isFailing()).isTrue();
        assertThat(log.isFailing()).isFalse();
    }

    @Test
    void resolved_alerts_are_forgotten_with_their_deliveries_and_open_ones_are_not() {
        Alert open = insert(alert("open"));
        Alert resolved = insert(alert("over").change().resolvedAt(AT).done());
        write(writer -> {
            for (Alert each : List.of(open, resolved)) {
                writer.put(new Alert.Delivery(each.id(), "log", Alert.Notice.OPENED, AT, 1, null, AT, null));
            }
        });

        assertThat(store.<Integer>write(writer -> writer.prune(AT, 10))).isZero();
        assertThat(store.<Integer>write(writer -> writer.prune(AT.plusSeconds(1), 10)))
                .isEqualTo(1);
        store.read(reader -> {
            assertThat(reader.alerts(10)).containsExactly(open);
            assertThat(reader.deliveries(resolved.id())).isEmpty();
            assertThat(reader.deliveries(open.id())).hasSize(1);
            return null;
        });
    }

    @Test
    void the_history_of_health_is_read_newest_first() {
        HealthReport first = new HealthReport("disk", HealthStatus.HEALTHY, "fine", AT);
        HealthReport second = new HealthReport("disk", HealthStatus.DOWN, AWKWARD, AT.plusSeconds(1));
        HealthReport other = new HealthReport("clock", HealthStatus.HEALTHY, "", AT.plusSeconds(2));
        write(writer -> {
            writer.record(first);
            writer.record(second);
            writer.record(other);
        });

        store.read(reader -> {
            assertThat(reader.health("disk", 10)).containsExactly(second, first);
            assertThat(reader.health(null, 2)).containsExactly(other, second);
            assertThat(reader.health("nothing", 2)).isEmpty();
            return null;
        });
    }

    @Test
    void the_latest_health_of_each_component_is_the_last_reported() {
        HealthReport manager = new HealthReport(HealthReport.MANAGER, HealthStatus.DOWN, AWKWARD, AT);
        HealthReport deploy = new HealthReport(HealthReport.DEPLOY, HealthStatus.DEGRADED, "", AT.minusSeconds(9));
        store.write(writer -> {
            writer.record(new HealthReport(HealthReport.DEPLOY, HealthStatus.HEALTHY, "fine", AT));
            writer.record(manager);
            // its clock was set back in between
            writer.record(deploy);
            return null;
        });

        assertThat(store.<List<HealthReport>>read(StoreReader::latestHealth)).containsExactly(deploy, manager);
    }

    @Test
    void a_setting_is_the_last_that_was_put() {
        put("last_check", "2026-01-29T21:30:00Z");
        put("other", "");
        put("last_check", AWKWARD);

        assertThat(store.<Optional<String>>read(reader -> reader.setting("last_check")))
                .contains(AWKWARD);
        assertThat(store.<Optional<String>>read(reader -> reader.setting("other")))
                .contains("");
    }

    @Test
    void a_request_that_was_carried_out_is_kept_for_a_day() {
        HandledRequest first = new HandledRequest(AWKWARD, "fingerprint", AWKWARD, AT);
        put(first);
        assertThatThrownBy(() -> put(new HandledRequest(AWKWARD, "other", "other", AT)))
                .isInstanceOf(StaleStateException.class);
        HandledRequest dayLater = new HandledRequest("b", "", "", AT.plus(Duration.ofHours(HandledRequest.HOURS)));
        put(dayLater);

        assertThat(store.<Optional<HandledRequest>>read(reader -> reader.handled(AWKWARD)))
                .contains(first);
        assertThat(store.<Optional<HandledRequest>>read(reader -> reader.handled("unknown")))
                .isEmpty();

        put(new HandledRequest("c", "", "", dayLater.at().plusMillis(1)));
        assertThat(store.<Optional<HandledRequest>>read(reader -> reader.handled(AWKWARD)))
                .isEmpty();
        assertThat(store.<Optional<HandledRequest>>read(reader -> reader.handled("b")))
                .contains(dayLater);
    }

    private void put(HandledRequest request) {
        store.write(writer -> {
            writer.put(request);
            return null;
        });
    }

    // ---- pages

    @Test
    void pages_follow_one_another_in_every_order_without_gap_or_repetition() {
        Study ppo = insert(study("ppo"));
        Study td3 = insert(study("td3"));
        List<@Nullable Double> values = Arrays.asList(
                2.0, null, 2.0, Double.NEGATIVE_INFINITY, 0.0, -0.0, null, Double.POSITIVE_INFINITY, -3.5);
        List<Trial> all = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            all.add(insert(trial(
                    i % 2 == 0 ? ppo : td3, 20 - i, TrialStatus.PENDING, Collections.singletonList(values.get(i)))));
        }
        // other times, two of them equal
        for (int i : new int[] {4, 2, 7}) {
            Trial stored = all.get(i);
            store.write(writer -> {
                writer.update(stored, stored.held("waits", AT.plusSeconds(i == 2 ? 4 : i)));
                return null;
            });
        }

        // some were backtested, one of them measured nothing of use, and one was measured again
        for (int i : new int[] {1, 3, 5, 6, 8}) {
            Map<String, @Nullable Object> metrics = new HashMap<>();
            metrics.put("sharpe", i == 5 ? null : i % 3 - 1.0);
            metrics.put("max_drawdown", i / 10.0);
            measured(all.get(i), Map.of("metrics", metrics, "trades", 100L - i));
        }
        StageRun measured =
                store.read(reader -> reader.stage(all.get(1).id(), "backtest")).orElseThrow();
        store.write(writer -> {
            writer.update(measured, measured.reset(null, 3));
            return null;
        });

        for (TrialQuery.Sort sort : TrialQuery.Sort.values()) {
            for (boolean descending : new boolean[] {false, true}) {
                List<Trial> expected = store.read(reader -> orderedPage(all, reader, sort, descending));
                for (int limit : new int[] {1, 2, 4, 9, 10}) {
                    assertThat(pages(sort, descending, limit))
                            .as("by %s, descending %s, %s at a time", sort, descending, limit)
                            .containsExactlyElementsOf(expected);
                }
            }
        }
    }

    private void measured(Trial trial, Map<String, Object> results) {
        StageRun runs = store.write(writer -> writer.insert(stage(trial, "backtest", StageStatus.RUNNING)));
        store.write(writer -> {
            writer.update(runs, runs.ended(StageStatus.PASSED, AT, null, "fine", results));
            return null;
        });
    }

    private static List<Trial> orderedPage(
            List<Trial> all, StoreReader reader, TrialQuery.Sort sort, boolean descending) {
        List<Trial> now = all.stream()
                .map(trial -> reader.trial(trial.id()).orElseThrow())
                .toList();
        Comparator<Trial> byId = Comparator.comparing(Trial::id);
        Comparator<Trial> by = switch (sort) {
            case DISCOVERED -> byId;
            case NUMBER ->
                Comparator.comparing((Trial trial) -> trial.key().number()).thenComparing(byId);
            case UPDATED -> Comparator.comparing(Trial::updatedAt).thenComparing(byId);
            case VALUE ->
                Comparator.comparing((Trial trial) -> trial.value() == null ? 0 : trial.value() + 0.0)
                        .thenComparing(byId);
            case SHARPE, MAX_DRAWDOWN, TRADES ->
                Comparator.comparing((Trial trial) -> Objects.requireNonNullElse(figure(reader, trial, sort), 0.0))
                        .thenComparing(byId);
        };
        Comparator<Trial> directed = descending ? by.reversed() : by;
        Comparator<Trial> lacking = switch (sort) {
            case VALUE -> Comparator.comparing((Trial trial) -> trial.value() == null);
            case SHARPE, MAX_DRAWDOWN, TRADES ->
                Comparator.comparing((Trial trial) -> figure(reader, trial, sort) == null);
            case DISCOVERED, NUMBER, UPDATED -> Comparator.comparing((Trial trial) -> false);
        };
        return now.stream().sorted(lacking.thenComparing(directed)).toList();
    }

    private static @Nullable Double figure(StoreReader reader, Trial trial, TrialQuery.Sort sort) {
        return BacktestFigures.among(reader.stages(trial.id())).get(sort.figure());
    }

    private List<Trial> pages(TrialQuery.Sort sort, boolean descending, int limit) {
        List<Trial> found = new ArrayList<>();
        TrialQuery.@Nullable Place after = null;
        boolean more = true;
        while (more) {
            TrialQuery query = new TrialQuery(null, null, Set.of(), null, null, "", sort, descending, after, limit);
            TrialQuery.Page page = store.read(reader -> reader.trials(query));
            found.addAll(page.trials());
            more = page.more();
            after = page.end();
        }
        return found;
    }

    @Test
    void a_page_holds_what_was_asked_for_alone() {
        Study ppo = insert(study("ppo"));
        Study odd = insert(study("100%_odd"));
        Trial runs = insert(trial(ppo, 1, TrialStatus.PROCESSING));
        Trial failed = insert(trial(ppo, 2, TrialStatus.FAILED));
        Trial waits = insert(trial(odd, 1));
        store.write(writer -> {
            writer.insert(stage(runs, "backtest", StageStatus.PASSED));
            writer.insert(stage(runs, "deploy", 1, AT));
            writer.insert(fullStage(failed, "backtest"));
            writer.insert(stage(failed, "deploy", 1, null));
            writer.insert(stage(waits, "backtest", 0, AT));
            return null;
        });

        assertThat(listed(query("ppo", null, Set.of(), null, null, ""))).containsExactly(runs, failed);
        assertThat(listed(query(null, 1, Set.of(), null, null, ""))).containsExactly(runs, waits);
        assertThat(listed(query(null, null, Set.of(TrialStatus.FAILED, TrialStatus.PENDING), null, null, "")))
                .containsExactly(failed, waits);
        assertThat(listed(query(null, null, Set.of(), "backtest", StageStatus.PASSED, "")))
                .containsExactly(runs);
        assertThat(listed(query(null, null, Set.of(), "deploy", null, ""))).containsExactly(runs);
        assertThat(listed(query(null, null, Set.of(), null, null, "100%_ODD"))).containsExactly(waits);
        assertThat(listed(query(null, null, Set.of(), null, null, "100__ODD"))).isEmpty();
        assertThat(listed(query("nowhere", null, Set.of(), null, null, ""))).isEmpty();
        StageRun told =
                store.read(reader -> reader.stage(failed.id(), "backtest")).orElseThrow();
        assertThat(listed(query(null, null, Set.of(), null, null, told.errorMessage())))
                .containsExactly(failed);
    }

    private List<Trial> listed(TrialQuery query) {
        return store.read(reader -> reader.trials(query)).trials();
    }

    private static TrialQuery query(
            @Nullable String study,
            @Nullable Integer number,
            Set<TrialStatus> statuses,
            @Nullable String stage,
            @Nullable StageStatus stageStatus,
            String text) {
        return new TrialQuery(
                study, number, statuses, stage, stageStatus, text, TrialQuery.Sort.DISCOVERED, false, null, 100);
    }

    @Test
    void events_are_listed_by_page_and_kind() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        store.write(writer -> {
            for (int i = 0; i < 5; i++) {
                writer.append(Event.byEngine(AT, EventType.STAGE_PASSED, trial.id(), "backtest", "passed " + i));
                writer.append(Event.byEngine(AT, EventType.STUDY_REBORN, null, null, "reborn " + i));
            }
            return null;
        });
        Set<EventType> passed = Set.of(EventType.STAGE_PASSED);

        List<Event> first = store.read(reader -> reader.events(new EventQuery(null, passed, null, 2)));
        assertThat(first).extracting(Event::message).containsExactly("passed 4", "passed 3");
        assertThat(store.<List<Event>>read(reader ->
                        reader.events(new EventQuery(null, passed, first.get(1).id(), 9))))
                .extracting(Event::message)
                .containsExactly("passed 2", "passed 1", "passed 0");
        assertThat(store.<List<Event>>read(reader -> reader.events(
                        new EventQuery(trial.id(), Set.of(), first.get(0).id(), 1))))
                .extracting(Event::message)
                .containsExactly("passed 3");
    }

    @Test
    void what_an_account_was_worth_is_told_in_order_and_without_other_entries() {
        Deployment deployment = insert(deployment(insert(trial(insert(study("ppo")), 1))));
        store.write(writer -> {
            List<LedgerEntry> entries = new ArrayList<>();
            for (int i = 1; i <= 2500; i++) {
                boolean bar = i % 5 != 0;
                entries.add(new LedgerEntry(
                        deployment.id(),
                        i,
                        bar ? "bar" : "note",
                        AT.plusSeconds(i),
                        bar ? (long) i : null,
                        bar ? i / 2.0 : null,
                        Map.of()));
            }
            writer.append(entries);
            return null;
        });

        List<EquityPoint> points = store.read(reader -> {
            List<EquityPoint> told = new ArrayList<>();
            reader.equity(deployment.id(), told::add);
            return told;
        });
        assertThat(points).hasSize(2000).startsWith(new EquityPoint(1, AT.plusSeconds(1), 0.5));
        assertThat(points).extracting(EquityPoint::step).isSorted().doesNotContain(5L, 2500L);
    }

    // ---- atomic units

    @Test
    void what_throws_leaves_nothing_behind() {
        Study study = insert(study("ppo"));
        Trial trial = insert(trial(study, 1));
        StageRun stage = insert(stage(trial, "backtest"));
        Attempt attempt = insert(attempt(stage, 1, 1));
        Deployment deployment = insert(deployment(trial));
        put("last_check", "before");
        RuntimeException thrown = new RuntimeException("changed my mind");

        assertThatThrownBy(() -> store.write(writer -> {
                    writer.relabel(study, "ppo@1");
                    writer.insert(study.reborn(2, study.directions()));
                    writer.insert(trial(study, 2));
                    writer.update(trial, trial.become(TrialStatus.PROCESSING, null, AT));
                    writer.update(stage, claim(stage));
                    writer.delete(attempt);
                    writer.update(deployment, full(deployment, null));
                    writer.append(Event.byEngine(AT, EventType.STUDY_REBORN, null, null, "reborn"));
                    writer.record(new HealthReport(HealthReport.MANAGER, HealthStatus.HEALTHY, "", AT));
                    writer.put("last_check", "after");
                    throw thrown;
                }))
                .isSameAs(thrown);

        store.read(reader -> {
            assertThat(reader.studies()).containsExactly(study);
            assertThat(reader.trials()).containsExactly(trial);
            assertThat(reader.stages(trial.id())).containsExactly(stage);
            assertThat(reader.attempts(trial.id())).containsExactly(attempt);
            assertThat(reader.deployments()).containsExactly(deployment);
            assertThat(reader.events(null, 10)).isEmpty();
            assertThat(reader.latestHealth()).isEmpty();
            assertThat(reader.setting("last_check")).contains("before");
            return null;
        });
        insert(trial(study, 2));
    }

    @Test
    void a_refused_update_undoes_what_was_written_with_it() {
        Study study = insert(study("ppo"));
        Trial pending = insert(trial(study, 1));
        Trial processing = pending.become(TrialStatus.PROCESSING, null, AT);
        update(pending, processing);

        refusedAsStale(writer -> {
            writer.put("last_check", "now");
            writer.insert(trial(study, 2));
            writer.update(pending, processing);
        });

        assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactly(processing);
        assertThat(store.<Optional<String>>read(reader -> reader.setting("last_check")))
                .isEmpty();
    }

    @Test
    void a_writer_sees_what_it_has_written() {
        Study study = insert(study("ppo"));

        store.write(writer -> {
            Trial trial = writer.insert(trial(study, 1));
            StageRun stage = writer.insert(stage(trial, "backtest"));
            assertThat(writer.trial(trial.id())).contains(trial);
            assertThat(writer.due(BOTH, AT, 10)).containsExactly(stage);
            writer.update(stage, claim(stage));
            assertThat(writer.due(BOTH, AT, 10)).isEmpty();
            assertThat(writer.running()).containsExactly(claim(stage));
            assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactly(trial);
            assertThat(store.now()).isNotNull();
            return null;
        });
    }

    @Test
    void a_write_inside_a_write_is_refused() {
        assertThatThrownBy(() -> store.write(outer -> {
                    outer.put("outer", "written");
                    return store.write(inner -> {
                        inner.put("inner", "written");
                        return null;
                    });
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(store.<Optional<String>>read(reader -> reader.setting("outer")))
                .isEmpty();
        put("later", "works again");
    }

    @Test
    void work_may_return_null() {
        assertThat(store.<Object>read(reader -> null)).isNull();
        assertThat(store.<Object>write(writer -> null)).isNull();
    }

    @Test
    void lists_cannot_be_changed() {
        Trial trial = insert(trial(insert(study("ppo")), 1));
        StageRun stage = insert(stage(trial, "backtest"));

        store.read(reader -> {
            assertThatThrownBy(() -> reader.trials().remove(0)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> reader.studies().clear()).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> reader.stages(trial.id()).add(stage))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> reader.due(BOTH, AT, 9).add(stage))
                    .isInstanceOf(UnsupportedOperationException.class);
            return null;
        });
    }

    // ---- several at a time

    @Test
    void a_read_sees_one_state_whatever_is_written_meanwhile() throws Exception {
        put("a", "1");
        put("b", "1");
        Thread other = new Thread(() -> store.write(writer -> {
            writer.put("a", "2");
            writer.put("b", "2");
            return null;
        }));

        List<String> seen = store.read(reader -> {
            String a = reader.setting("a").orElseThrow();
            other.start();
            // a store may make the writer wait for this read instead
            join(other, Duration.ofMillis(300));
            return List.of(a, reader.setting("b").orElseThrow());
        });

        assertThat(seen).containsExactly("1", "1");
        other.join();
        assertThat(store.<Optional<String>>read(reader -> reader.setting("b"))).contains("2");
    }

    @Test
    void readers_never_see_half_of_a_write() throws Exception {
        put("a", "0");
        put("b", "0");
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Void>> work = new ArrayList<>();
        work.add(() -> {
            try {
                for (int i = 1; i <= 50; i++) {
                    String value = Integer.toString(i);
                    store.write(writer -> {
                        writer.put("a", value);
                        writer.put("b", value);
                        return null;
                    });
                }
                return null;
            } finally {
                done.set(true);
            }
        });
        for (int i = 0; i < 3; i++) {
            work.add(() -> {
                while (!done.get()) {
                    store.read(reader -> {
                        assertThat(reader.setting("a")).isEqualTo(reader.setting("b"));
                        return null;
                    });
                }
                return null;
            });
        }

        together(work);
    }

    @Test
    void of_two_that_claim_the_same_stage_one_wins() throws Exception {
        Study study = insert(study("ppo"));
        for (int round = 0; round < 10; round++) {
            StageRun pending = insert(stage(insert(trial(study, round)), "backtest"));
            ConcurrentLinkedQueue<String> winners = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<String> losers = new ConcurrentLinkedQueue<>();
            CyclicBarrier start = new CyclicBarrier(2);
            List<Callable<Void>> runners = new ArrayList<>();
            for (String runner : List.of("one", "two")) {
                runners.add(() -> {
                    start.await();
                    try {
                        store.write(writer -> {
                            writer.update(pending, claim(pending, runner));
                            writer.insert(attempt(claim(pending, runner), 1, 1));
                            return null;
                        });
                        winners.add(runner);
                    } catch (StaleStateException e) {
                        losers.add(runner);
                    }
                    return null;
                });
            }
            together(runners);

            assertThat(winners).hasSize(1);
            assertThat(losers).hasSize(1);
            assertThat(find(pending)).isEqualTo(claim(pending, winners.element()));
            assertThat(store.<List<Attempt>>read(reader -> reader.attempts(pending.trialId())))
                    .hasSize(1);
        }
    }

    @Test
    void many_runners_claim_each_stage_once() throws Exception {
        int stages = 40;
        Study study = insert(study("ppo"));
        store.write(writer -> {
            IntStream.range(0, stages)
                    .forEach(number -> writer.insert(stage(writer.insert(trial(study, number)), "backtest")));
            return null;
        });
        ConcurrentLinkedQueue<Long> claimed = new ConcurrentLinkedQueue<>();
        List<Callable<Void>> runners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String runner = "runner-" + i;
            runners.add(() -> {
                while (true) {
                    List<StageRun> due = store.read(reader -> reader.due(BOTH, AT, 3));
                    if (due.isEmpty()) {
                        return null;
                    }
                    for (StageRun stage : due) {
                        try {
                            store.write(writer -> {
                                writer.update(stage, claim(stage, runner));
                                return null;
                            });
                            claimed.add(stage.id());
                        } catch (StaleStateException e) {
                            // another was faster
                        }
                    }
                }
            });
        }
        together(runners);

        assertThat(claimed).hasSize(stages).doesNotHaveDuplicates();
        assertThat(store.<List<StageRun>>read(StoreReader::running))
                .hasSize(stages)
                .allSatisfy(stage -> {
                    assertThat(stage.token()).isEqualTo(1);
                    assertThat(stage.attempts()).isEqualTo(1);
                });
    }

    @Test
    void many_writers_get_ids_of_their_own() throws Exception {
        Study study = insert(study("ppo"));
        ConcurrentLinkedQueue<Trial> inserted = new ConcurrentLinkedQueue<>();
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int first = i * 10;
            writers.add(() -> {
                for (int number = first; number < first + 10; number++) {
                    inserted.add(insert(trial(study, number)));
                }
                return null;
            });
        }
        together(writers);

        assertThat(inserted).extracting(Trial::id).doesNotHaveDuplicates();
        assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactlyInAnyOrderElementsOf(inserted);
    }

    // ---- words

    /** Something that writes. */
    @FunctionalInterface
    protected interface Writing {
        void to(StoreWriter writer);
    }

    protected final void refusedAsStale(Writing work) {
        assertThatThrownBy(() -> write(work)).isInstanceOf(StaleStateException.class);
    }

    protected final void refusedAsForbidden(Writing work) {
        assertThatThrownBy(() -> write(work)).isInstanceOf(IllegalStateException.class);
    }

    protected final void write(Writing work) {
        store.write(writer -> {
            work.to(writer);
            return null;
        });
    }

    protected final Study insert(Study study) {
        return store.write(writer -> writer.insert(study));
    }

    protected final Trial insert(Trial trial) {
        return store.write(writer -> writer.insert(trial));
    }

    protected final StageRun insert(StageRun stage) {
        return store.write(writer -> writer.insert(stage));
    }

    protected final Attempt insert(Attempt attempt) {
        return store.write(writer -> writer.insert(attempt));
    }

    protected final Deployment insert(Deployment deployment) {
        return store.write(writer -> writer.insert(deployment));
    }

    protected final ProcessRun insert(ProcessRun run) {
        return store.write(writer -> writer.insert(run));
    }

    protected final void update(Trial before, Trial after) {
        write(writer -> writer.update(before, after));
    }

    protected final void update(StageRun before, StageRun after) {
        write(writer -> writer.update(before, after));
    }

    protected final Deployment update(Deployment before, Deployment after) {
        return store.write(writer -> writer.update(before, after));
    }

    protected final void put(String key, String value) {
        write(writer -> writer.put(key, value));
    }

    protected final Trial find(Trial trial) {
        return store.<Optional<Trial>>read(reader -> reader.trial(trial.id())).orElseThrow();
    }

    protected final StageRun find(StageRun stage) {
        return store.<Optional<StageRun>>read(reader -> reader.stage(stage.trialId(), stage.name()))
                .orElseThrow();
    }

    protected final Deployment find(Deployment deployment) {
        return store.<Optional<Deployment>>read(reader -> reader.deployment(deployment.id()))
                .orElseThrow();
    }

    protected static StageRun claim(StageRun stage) {
        return claim(stage, "runner-1");
    }

    protected static StageRun claim(StageRun stage, String runner) {
        return stage.claimed(new Lease(runner, "host", AT.plusSeconds(60)), AT, AT.plusSeconds(30), 3);
    }

    /** Runs all at the same time, and fails if one of them did. */
    protected static void together(List<Callable<Void>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (Callable<Void> one : work) {
                running.add(threads.submit(one));
            }
            for (Future<Void> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
