package io.pipelinev2.deploy;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.Ruling;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may say of who is to be deployed, whatever the ranking says: this one before all others, or that one never.
 * Like {@link DeploymentCommands} it only writes down what is wanted.
 */
public final class PreferenceCommands {

    private final PipelineStore store;
    private final String stage;
    private final int maxDeployed;

    PreferenceCommands(PipelineStore store, String stage, int maxDeployed) {
        this.store = store;
        this.stage = stage;
        this.maxDeployed = maxDeployed;
    }

    /**
     * A trial is pinned: once validated it gets a slot before all that are not, and keeps it whatever its rank.
     *
     * @param reason why, in words
     * @return what that means as things stand, in words
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if there is no reason, or it is never to be deployed
     */
    public String pin(TrialKey key, String reason, Operator by) {
        if (reason.isBlank()) {
            throw new RefusedException(
                    "A pin holds against every rank, so say why: pin %s --reason TEXT.".formatted(key));
        }
        return store.writeAfresh(tx -> {
            Trial trial = DeploymentCommands.find(tx, key);
            Preference before = tx.preferences().get(trial.id());
            if (before != null && before.kind() == Preference.Kind.PINNED) {
                return "Trial %s is pinned already, by %s%s."
                        .formatted(key, before.actor(), DeploymentCommands.words(before.reason()));
            }
            requireNotBarred(key, before);
            Instant now = store.now();
            tx.put(new Preference(trial.id(), Preference.Kind.PINNED, reason.strip(), by.name(), by.origin(), now));
            String why = "pinned by " + by.name() + DeploymentCommands.words(reason);
            tx.append(Event.byOperator(now, EventType.OPERATOR_PIN, trial.id(), stage, by, why));
            return "Trial %s is pinned. %s%s".formatted(key, outlook(tx, trial), tooMany(tx));
        });
    }

    /**
     * A trial is pinned no longer: ranked as all others are. If it is deployed it goes on until somebody better comes.
     *
     * @return what was done, in words
     * @throws TrialNotFoundException if there is no such trial
     */
    public String unpin(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = DeploymentCommands.find(tx, key);
            if (!isPreferred(tx, trial, Preference.Kind.PINNED)) {
                return "Trial %s is not pinned.".formatted(key);
            }
            tx.deletePreference(trial.id());
            String why = "unpinned by " + by.name() + DeploymentCommands.words(reason);
            tx.append(Event.byOperator(store.now(), EventType.OPERATOR_PIN, trial.id(), stage, by, why));
            return "Trial %s is pinned no longer. It is ranked as all others are; if it is deployed it trades on until a better one comes."
                    .formatted(key);
        });
    }

    /**
     * A trial is never to be deployed, whatever its rank. What is deployed of it is to end, and its slot goes to the next by
     * rank.
     *
     * @param reason why, in words; may be empty
     * @return what that means as things stand, in words
     * @throws TrialNotFoundException if there is no such trial
     */
    public String never(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = DeploymentCommands.find(tx, key);
            Preference before = tx.preferences().get(trial.id());
            if (before != null && before.kind() == Preference.Kind.NEVER) {
                return "Trial %s is never to be deployed already, by decision of %s%s."
                        .formatted(key, before.actor(), DeploymentCommands.words(before.reason()));
            }
            Instant now = store.now();
            tx.put(new Preference(trial.id(), Preference.Kind.NEVER, reason.strip(), by.name(), by.origin(), now));
            String why = "never to be deployed, by decision of " + by.name() + DeploymentCommands.words(reason);
            boolean active =
                    tx.deploymentOf(trial.id()).filter(DeployStage::isActive).isPresent();
            if (active) {
                new Slots(tx, stage, now).take(trial, why, Ruling.Kind.BARRED_BY_OPERATOR);
            }
            tx.append(Event.byOperator(now, EventType.OPERATOR_NEVER, trial.id(), stage, by, why));
            return "Trial %s is never deployed from now on%s.%s `never %s --off` lets it in again."
                    .formatted(
                            key,
                            before == null ? "" : ", and is pinned no longer",
                            active
                                    ? " Its paper trader is ended; its account and positions stay recorded. Its slot goes to the next by rank."
                                    : "",
                            key);
        });
    }

    /**
     * A trial may be deployed again, by rank or by name.
     *
     * @return what was done, in words
     * @throws TrialNotFoundException if there is no such trial
     */
    public String readmit(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = DeploymentCommands.find(tx, key);
            if (!isPreferred(tx, trial, Preference.Kind.NEVER)) {
                return "Nobody has said that trial %s is never to be deployed.".formatted(key);
            }
            tx.deletePreference(trial.id());
            String why = "let in again by " + by.name() + DeploymentCommands.words(reason);
            tx.append(Event.byOperator(store.now(), EventType.OPERATOR_NEVER, trial.id(), stage, by, why));
            return "Trial %s may be deployed again. %s".formatted(key, outlook(tx, trial));
        });
    }

    private static boolean isPreferred(StoreReader tx, Trial trial, Preference.Kind kind) {
        Preference preference = tx.preferences().get(trial.id());
        return preference != null && preference.kind() == kind;
    }

    static void requireNotBarred(TrialKey key, @Nullable Preference preference) {
        if (preference != null && preference.kind() == Preference.Kind.NEVER) {
            throw new RefusedException(
                    "Trial %s is never to be deployed, by decision of %s%s. To let it in again: never %s --off."
                            .formatted(key, preference.actor(), DeploymentCommands.words(preference.reason()), key));
        }
    }

    /** What comes of a trial that rank or a pin may deploy, as it stands. */
    private String outlook(StoreReader tx, Trial trial) {
        TrialKey key = trial.key();
        if (tx.deploymentOf(trial.id()).filter(DeployStage::isActive).isPresent()) {
            return "It is deployed.";
        }
        Ruling.@Nullable Kind ruling = tx.stage(trial.id(), stage)
                .flatMap(row -> Optional.ofNullable(Ruling.of(row)))
                .map(Ruling::kind)
                .orElse(null);
        if (trial.status() == TrialStatus.FAILED) {
            return "It failed (%s), and trades only once it has been validated: retry %s."
                    .formatted(trial.reason(), key);
        }
        if (ruling == Ruling.Kind.STOPPED_BY_OPERATOR) {
            return "An operator stopped it, so it stays out until it is named: deploy %s.".formatted(key);
        }
        if (trial.status() == TrialStatus.COMPLETED) {
            return "Whoever supervises the home decides within a second; with nobody there, the next `run` or `once` does.";
        }
        return "It is decided about once it is validated.";
    }

    private String tooMany(StoreReader tx) {
        long pinned = tx.preferences().values().stream()
                .filter(preference -> preference.kind() == Preference.Kind.PINNED)
                .count();
        return pinned <= maxDeployed
                ? ""
                : " %d trials are pinned and max_deployed is %d, so the best of them by rank get the slots."
                        .formatted(pinned, maxDeployed);
    }
}
