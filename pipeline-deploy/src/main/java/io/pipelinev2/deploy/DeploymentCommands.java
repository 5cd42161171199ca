package io.pipelinev2.deploy;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.deploy.ranking.Reservation;
import io.pipelinev2.deploy.ranking.Ruling;
import io.pipelinev2.deploy.ranking.Standings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to deployments. Each command writes down what is wanted, with an event that says who wants it,
 * and returns at once; whoever supervises the home makes it so. So it works from any process, whether a daemon is up or
 * not. Doing it twice changes nothing the second time.
 */
public final class DeploymentCommands {

    private final PipelineStore store;
    private final String stage;
    private final int maxDeployed;
    private final boolean bundledTrader;

    /**
     * @param stage the name of the deploy stage
     * @param maxDeployed how many trials may be deployed
     * @param bundledTrader whether what trades is the bundled trader, which can be told what to do, not a command of the
     *     user's own
     */
    public DeploymentCommands(PipelineStore store, String stage, int maxDeployed, boolean bundledTrader) {
        this.store = store;
        this.stage = stage;
        this.maxDeployed = maxDeployed;
        this.bundledTrader = bundledTrader;
    }

    /** The same commands, none of which changes anything: each returns, or is refused, as it would be. */
    public DeploymentCommands rehearsed() {
        return new DeploymentCommands(new RehearsedStore(store), stage, maxDeployed, bundledTrader);
    }

    /** What an operator may say of who is to be deployed, whatever the ranking says. */
    public PreferenceCommands preferences() {
        return new PreferenceCommands(store, stage, maxDeployed);
    }

    /**
     * A deployed trial is to trade no longer. It stays out until {@link #deploy} names it, and its slot is left to trials
     * that are discovered later.
     *
     * @param reason why, in words; may be empty
     * @return its deployment, to be watched until it is gone
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed and never was
     */
    public Deployment stop(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            Deployment deployment = last(tx, trial);
            if (!DeployStage.isActive(deployment)) {
                return deployment;
            }
            String why = "stopped by " + by.name() + words(reason);
            Instant now = store.now();
            Deployment stopped = new Slots(tx, stage, now)
                    .take(trial, why, Ruling.Kind.STOPPED_BY_OPERATOR)
                    .orElse(deployment);
            tx.append(Event.byOperator(now, EventType.OPERATOR_STOP, trial.id(), stage, by, why));
            return stopped;
        });
    }

    /**
     * The process of a deployed trial is to be ended and started again; one that was given up gets all its restarts back.
     *
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed
     */
    public Deployment restart(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            Deployment deployment = deployed(tx, trial);
            boolean runs = deployment.status() == DeploymentStatus.RUNNING;
            if (runs && deployment.health() == DeploymentHealth.STOPPING) {
                return deployment;
            }
            String why = "restarted by " + by.name() + words(reason);
            Deployment.Change change = deployment.change().restarts(0).restartDue(null);
            if (runs) {
                change.health(DeploymentHealth.STOPPING, why);
            } else {
                change.status(DeploymentStatus.STOPPED).health(DeploymentHealth.STARTING, why);
            }
            Deployment changed = tx.update(deployment, change.done());
            tx.append(Event.byOperator(store.now(), EventType.OPERATOR_RESTART, trial.id(), stage, by, why));
            return changed;
        });
    }

    /**
     * A deployed trial whose process is down after a crash gets all its restarts back and is started again now.
     *
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed, or not down
     */
    public Deployment reset(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            Deployment deployment = deployed(tx, trial);
            if (deployment.status() != DeploymentStatus.CRASHED) {
                throw new RefusedException(
                        "There is nothing to reset: trial %s is %s, %s. To end its process and start it again: restart %s."
                                .formatted(
                                        key,
                                        deployment.status().label(),
                                        deployment.health().label(),
                                        key));
            }
            String why = "reset by " + by.name() + words(reason);
            Deployment changed = tx.update(
                    deployment,
                    deployment
                            .change()
                            .status(DeploymentStatus.STOPPED)
                            .health(DeploymentHealth.STARTING, why)
                            .restarts(0)
                            .restartDue(null)
                            .done());
            tx.append(Event.byOperator(store.now(), EventType.OPERATOR_RESET, trial.id(), stage, by, why));
            return changed;
        });
    }

    /**
     * A deployed trial sells all its positions at its next bar, on paper, and enters no more until {@link #resume}.
     *
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed, or by a command of the user's own
     */
    public Deployment flatten(TrialKey key, String reason, Operator by) {
        return told(
                key,
                EventType.OPERATOR_FLATTEN,
                "flattened by " + by.name() + words(reason),
                by,
                deployment ->
                        deployment.change().flattens(deployment.flattens() + 1).done());
    }

    /**
     * A deployed trial gives no orders from its next bar on, or only sales. Its process goes on.
     *
     * @param orders {@link TradingState#REDUCING} or {@link TradingState#HALTED}
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed, or by a command of the user's own
     */
    public Deployment halt(TrialKey key, TradingState orders, String reason, Operator by) {
        if (orders == TradingState.ACTIVE) {
            throw new IllegalArgumentException("to let all orders be given again is to resume");
        }
        return told(
                key,
                EventType.OPERATOR_HALT,
                orders.label() + " by " + by.name() + words(reason),
                by,
                deployment -> deployment.orders() == orders
                        ? deployment
                        : deployment.change().orders(orders).done());
    }

    /**
     * A deployed trial gives all orders again: what an operator forbade it, the stops that it put on itself, and what
     * followed a flatten are over. What holds for the whole home is not.
     *
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not deployed, or by a command of the user's own
     */
    public Deployment resume(TrialKey key, String reason, Operator by) {
        return told(
                key,
                EventType.OPERATOR_RESUME,
                "resumed by " + by.name() + words(reason),
                by,
                deployment -> deployment
                        .change()
                        .orders(TradingState.ACTIVE)
                        .resumes(deployment.resumes() + 1)
                        .done());
    }

    private Deployment told(TrialKey key, EventType type, String why, Operator by, UnaryOperator<Deployment> change) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            Deployment deployment = deployed(tx, trial);
            if (!bundledTrader) {
                throw new RefusedException(
                        ("Trial %s is traded by your own command (stages.deploy.command), which the pipeline can start and"
                                        + " stop, but not tell what to trade. To end it: stop %s.")
                                .formatted(key, key));
            }
            Deployment changed = change.apply(deployment);
            if (changed.equals(deployment)) {
                return deployment;
            }
            tx.append(Event.byOperator(store.now(), type, trial.id(), stage, by, why));
            return tx.update(deployment, changed);
        });
    }

    /**
     * A validated trial is to trade, in a free slot. Its paper account goes on if it was deployed with the same model
     * before.
     *
     * @param reason why, in words; may be empty
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is not validated, is never to be deployed, or no slot is free
     */
    public Deployment deploy(TrialKey key, String reason, Operator by) {
        return deploy(key, reason, by, false);
    }

    /**
     * As {@link #deploy}, but with a new paper account: for another feed, or in place of an account that cannot go on. The one
     * before stays as it is, on disk and in the store.
     *
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if it is deployed, not validated, never to be deployed, or no slot is free
     */
    public Deployment deployAnew(TrialKey key, String reason, Operator by) {
        return deploy(key, reason, by, true);
    }

    private Deployment deploy(TrialKey key, String reason, Operator by, boolean newAccount) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            Optional<Deployment> last = tx.deploymentOf(trial.id());
            if (last.isPresent() && DeployStage.isActive(last.get())) {
                if (newAccount) {
                    throw new RefusedException("Trial %s is deployed, and its account goes on. Stop it first: stop %s."
                            .formatted(key, key));
                }
                return last.get();
            }
            PreferenceCommands.requireNotBarred(key, tx.preferences().get(trial.id()));
            String model = requireValidated(tx, trial);
            requireFreeSlot(tx, key);
            String why = "deployed " + (newAccount ? "with a new account " : "") + "by " + by.name() + words(reason);
            Instant now = store.now();
            Slots slots = new Slots(tx, stage, now);
            Ruling ruling = ruling(tx, slots, trial);
            Deployment deployment = newAccount
                    ? slots.giveNewAccount(trial, model, why, ruling)
                    : slots.give(trial, model, why, null, ruling);
            tx.append(Event.byOperator(now, EventType.OPERATOR_DEPLOY, trial.id(), stage, by, why));
            return deployment;
        });
    }

    /** The trial fills its own slot again if it was stopped, else that of somebody else who was. */
    private Ruling ruling(StoreReader tx, Slots slots, Trial trial) {
        Ruling before = slots.rulingOf(trial);
        if (before.kind() == Ruling.Kind.STOPPED_BY_OPERATOR) {
            return before.then(Ruling.Kind.DEPLOYED_BY_OPERATOR, tx.latestBatch());
        }
        @Nullable
        Long fills = Standings.of(tx, stage, RankBy.VALUE, Set.of(), Set.of(), store.now()).reservations().stream()
                .findFirst()
                .map(Reservation::trialId)
                .orElse(null);
        return new Ruling(Ruling.Kind.DEPLOYED_BY_OPERATOR, tx.latestBatch(), fills);
    }

    private String requireValidated(StoreReader tx, Trial trial) {
        if (trial.status() == TrialStatus.FAILED) {
            throw new RefusedException("Trial %s failed (%s), so it is not deployed. Validate it again: retry %s."
                    .formatted(trial.key(), trial.reason(), trial.key()));
        }
        List<StageRun> runs = tx.stages(trial.id());
        for (StageRun run : runs) {
            if (!run.name().equals(stage) && !run.status().letsTrialContinue()) {
                throw new RefusedException("Trial %s is not validated yet: its stage %s is %s. Wait for its end."
                        .formatted(trial.key(), run.name(), run.status().label()));
            }
        }
        String model = Evidence.of(runs).modelSha256();
        if (model == null) {
            throw new RefusedException(("No stage of trial %s recorded which model was validated (model_sha256 in its"
                            + " results), so it is not deployed. Validate it again: retry %s.")
                    .formatted(trial.key(), trial.key()));
        }
        return model;
    }

    private void requireFreeSlot(StoreReader tx, TrialKey key) {
        List<String> deployed = tx.deployments().stream()
                .filter(DeployStage::isActive)
                .map(deployment -> deployment.key().toString())
                .toList();
        if (deployed.size() >= maxDeployed) {
            throw new RefusedException(
                    "No slot is free for trial %s: max_deployed is %d, deployed are %s. Stop one first."
                            .formatted(key, maxDeployed, deployed.isEmpty() ? "none" : String.join(", ", deployed)));
        }
    }

    static Trial find(StoreReader tx, TrialKey key) {
        return tx.trial(key).orElseThrow(() -> new TrialNotFoundException(key));
    }

    private static Deployment deployed(StoreReader tx, Trial trial) {
        Deployment deployment = last(tx, trial);
        if (!DeployStage.isActive(deployment)) {
            throw new RefusedException("Trial %s is not deployed any more. Deploy it again: deploy %s."
                    .formatted(trial.key(), trial.key()));
        }
        return deployment;
    }

    private static Deployment last(StoreReader tx, Trial trial) {
        return tx.deploymentOf(trial.id())
                .orElseThrow(() -> new RefusedException("Trial %s is not deployed; it is %s%s."
                        .formatted(
                                trial.key(),
                                trial.status().label(),
                                trial.reason() == null ? "" : " (" + trial.reason() + ")")));
    }

    /** A reason as it stands after who wants something. */
    static String words(String reason) {
        return reason.isBlank() ? "" : ": " + reason.strip();
    }
}
