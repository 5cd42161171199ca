package io.pipelinev2.runner.extension;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.runner.config.UserStage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a host application brings to a configured pipeline beside the home's own plugins. What it brings has to be asked for
 * by the configuration, as a plugin has to: a stage by a block of its name in {@code stages} and its place in
 * {@code order}.
 *
 * <pre>{@code
 * PipelineHome.open(config, Extensions.builder().stage(new LiquidityStage(dataSource)).build());
 * }</pre>
 */
public final class Extensions {

    private final Map<String, Stage> stages;
    private final List<StageFactory> stageFactories;

    private Extensions(Builder builder) {
        this.stages = Map.copyOf(builder.stages);
        this.stageFactories = List.copyOf(builder.stageFactories);
    }

    /** Nothing but the home's own plugins. */
    public static Extensions none() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The stages by their names. */
    Map<String, Stage> stages() {
        return stages;
    }

    List<StageFactory> stageFactories() {
        return stageFactories;
    }

    /** Collects them. */
    public static final class Builder {
        private final Map<String, Stage> stages = new LinkedHashMap<>();
        private final List<StageFactory> stageFactories = new ArrayList<>();

        private Builder() {}

        /**
         * A stage that is there already. The configuration has a block of its name without {@code command}, and without
         * {@code type} or with its name as that. Whoever made it closes it.
         *
         * @throws IllegalArgumentException if its name is none for a stage, or another of that name was added
         */
        public Builder stage(Stage stage) {
            if (!UserStage.isName(stage.name())) {
                throw new IllegalArgumentException(
                        "the name of a stage must be " + UserStage.NAME_WORDS + ", was '" + stage.name() + "'");
            }
            if (stages.putIfAbsent(stage.name(), stage) != null) {
                throw new IllegalArgumentException("stage '" + stage.name() + "' was added twice");
            }
            return this;
        }

        /** Makes stages of a type, as one in a plugin does. */
        public Builder stageFactory(StageFactory factory) {
            stageFactories.add(factory);
            return this;
        }

        public Extensions build() {
            return new Extensions(this);
        }
    }
}
