package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.GateFactory;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceFactory;
import io.pipelinev2.runner.alerts.AlertChannel;
import io.pipelinev2.runner.alerts.AlertChannelFactory;
import io.pipelinev2.runner.config.UserStage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a host application brings to a configured pipeline beside the home's own plugins. What it brings has to be asked for
 * by the configuration, as a plugin has to: a stage by a block of its name in {@code stages} and its place in
 * {@code order}, a trial source by the block {@code source}, a gate by an element of {@code stages.backtest.gates}, an alert
 * channel by a block in {@code alerts}.
 *
 * <pre>{@code
 * PipelineHome.open(config, Extensions.builder().stage(new LiquidityStage(dataSource)).build());
 * }</pre>
 */
public final class Extensions {

    private final Map<String, Stage> stages;
    private final List<StageFactory> stageFactories;
    private final Map<String, TrialSource> trialSources;
    private final List<TrialSourceFactory> trialSourceFactories;
    private final Map<String, CustomGate> gates;
    private final List<GateFactory> gateFactories;
    private final Map<String, AlertChannel> alertChannels;
    private final List<AlertChannelFactory> alertChannelFactories;

    private Extensions(Builder builder) {
        this.stages = Map.copyOf(builder.stages);
        this.stageFactories = List.copyOf(builder.stageFactories);
        this.trialSources = Map.copyOf(builder.trialSources);
        this.trialSourceFactories = List.copyOf(builder.trialSourceFactories);
        this.gates = Map.copyOf(builder.gates);
        this.gateFactories = List.copyOf(builder.gateFactories);
        this.alertChannels = Map.copyOf(builder.alertChannels);
        this.alertChannelFactories = List.copyOf(builder.alertChannelFactories);
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

    /** The sources by the types that they were added under. */
    Map<String, TrialSource> trialSources() {
        return trialSources;
    }

    List<TrialSourceFactory> trialSourceFactories() {
        return trialSourceFactories;
    }

    /** The gates by their names. */
    Map<String, CustomGate> gates() {
        return gates;
    }

    List<GateFactory> gateFactories() {
        return gateFactories;
    }

    /** The channels by the types that they were added under. */
    Map<String, AlertChannel> alertChannels() {
        return alertChannels;
    }

    List<AlertChannelFactory> alertChannelFactories() {
        return alertChannelFactories;
    }

    /** Collects them. */
    public static final class Builder {
        private final Map<String, Stage> stages = new LinkedHashMap<>();
        private final List<StageFactory> stageFactories = new ArrayList<>();
        private final Map<String, TrialSource> trialSources = new LinkedHashMap<>();
        private final List<TrialSourceFactory> trialSourceFactories = new ArrayList<>();
        private final Map<String, CustomGate> gates = new LinkedHashMap<>();
        private final List<GateFactory> gateFactories = new ArrayList<>();
        private final Map<String, AlertChannel> alertChannels = new LinkedHashMap<>();
        private final List<AlertChannelFactory> alertChannelFactories = new ArrayList<>();

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

        /**
         * A trial source that is there already. The configuration has {@code "source": { "type": … }} with this type. Whoever
         * made it closes it.
         *
         * @throws IllegalArgumentException if the type is no name, or another was added under it
         */
        public Builder trialSource(String type, TrialSource source) {
            if (!UserStage.isName(type)) {
                throw new IllegalArgumentException(
                        "the type of a trial source must be " + UserStage.NAME_WORDS + ", was '" + type + "'");
            }
            if (trialSources.putIfAbsent(type, source) != null) {
                throw new IllegalArgumentException("trial source '" + type + "' was added twice");
            }
            return this;
        }

        /** Opens trial sources of a type, as one in a plugin does. */
        public Builder trialSourceFactory(TrialSourceFactory factory) {
            trialSourceFactories.add(factory);
            return this;
        }

        /**
         * A gate that is there already. The configuration has {@code { "type": … }} with its name in {@code
         * stages.backtest.gates}. Whoever made it closes it.
         *
         * @throws IllegalArgumentException if its name is none for a type, or another of that name was added
         */
        public Builder gate(CustomGate gate) {
            if (!UserStage.isName(gate.name())) {
                throw new IllegalArgumentException("the name of a gate that the configuration asks for must be "
                        + UserStage.NAME_WORDS + ", was '" + gate.name() + "'");
            }
            if (gates.putIfAbsent(gate.name(), gate) != null) {
                throw new IllegalArgumentException("gate '" + gate.name() + "' was added twice");
            }
            return this;
        }

        /**
         * An alert channel that is there already. The configuration has a block in {@code alerts} with this type as its {@code
         * channel}. Whoever made it closes it.
         *
         * @throws IllegalArgumentException if the type is no name, or another was added under it
         */
        public Builder alertChannel(String type, AlertChannel channel) {
            if (!UserStage.isName(type)) {
                throw new IllegalArgumentException(
                        "the type of an alert channel must be " + UserStage.NAME_WORDS + ", was '" + type + "'");
            }
            if (alertChannels.putIfAbsent(type, channel) != null) {
                throw new IllegalArgumentException("alert channel '" + type + "' was added twice");
            }
            return this;
        }

        /** Makes gates of a type, as one in a plugin does. */
        public Builder gateFactory(GateFactory factory) {
            gateFactories.add(factory);
            return this;
        }

        /** Makes alert channels of a type, as one in a plugin does. */
        public Builder alertChannelFactory(AlertChannelFactory factory) {
            alertChannelFactories.add(factory);
            return this;
        }

        public Extensions build() {
            return new Extensions(this);
        }
    }
}
