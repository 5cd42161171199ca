package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which stages a trial goes through, in which order, and how each is to be treated. */
public final class StagePlan {

    /** The store's setting that holds the {@link #signature} of the plan that all trials under way are in line with. */
    public static final String SETTING = "stage_plan";

    private record Step(@Nullable Stage stage, StageSettings settings) {}

    private final Map<String, Step> steps;
    private final @Nullable String deployStage;

    private StagePlan(Map<String, Step> steps, @Nullable String deployStage) {
        this.steps = steps;
        this.deployStage = deployStage;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** All stages in order, the disabled ones included. */
    public List<String> names() {
        return List.copyOf(steps.keySet());
    }

    /** The stages that trials go through, in order. */
    public List<String> enabledNames() {
        List<String> names = new ArrayList<>();
        steps.forEach((name, step) -> {
            if (step.settings().enabled()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The same for plans that lead trials the same way. */
    public String signature() {
        return String.join(",", enabledNames());
    }

    /** The enabled stages that runners execute. */
    public Collection<String> executable() {
        return enabledNames().stream().filter(name -> !name.equals(deployStage)).toList();
    }

    /** The stage that the deployer settles, if there is one. */
    public Optional<String> deployStage() {
        return Optional.ofNullable(deployStage).filter(name -> settings(name).enabled());
    }

    /**
     * The settings of a stage.
     *
     * @throws IllegalArgumentException if there is no such stage
     */
    public StageSettings settings(String name) {
        return step(name).settings();
    }

    Stage stage(String name) {
        Stage stage = step(name).stage();
        if (stage == null) {
            throw new IllegalArgumentException(
                    "Stage '" + name + "' is settled by the deployer and cannot be executed.");
        }
        return stage;
    }

    /** The disabled stages; trials that were queued before they were disabled still have rows of them. */
    Collection<String> disabled() {
        return steps.keySet().stream().filter(name -> !settings(name).enabled()).toList();
    }

    private Step step(String name) {
        Step step = steps.get(name);
        if (step == null) {
            throw new IllegalArgumentException("There is no stage '" + name + "'; there are " + steps.keySet() + ".");
        }
        return step;
    }

    /** Collects the stages in order. */
    public static final class Builder {
        private final Map<String, Step> steps = new LinkedHashMap<>();
        private @Nullable String deployStage;

        private Builder() {}

        public Builder add(Stage stage, StageSettings settings) {
            put(stage.name(), new Step(stage, settings));
            return this;
        }

        /** The last stage, which the deployer settles. */
        public Builder deploy(String name, StageSettings settings) {
            put(name, new Step(null, settings));
            deployStage = name;
            return this;
        }

        private void put(String name, Step step) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a stage needs a name");
            }
            if (deployStage != null) {
                throw new IllegalArgumentException(
                        "stage '%s' comes after '%s', but deploying is the last stage".formatted(name, deployStage));
            }
            if (steps.putIfAbsent(name, step) != null) {
                throw new IllegalArgumentException("stage '" + name + "' was added twice");
            }
        }

        public StagePlan build() {
            return new StagePlan(new LinkedHashMap<>(steps), deployStage);
        }
    }
}
