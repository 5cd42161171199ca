package io.pipelinev2.runner;

/** What an embedded pipeline tells a Micrometer registry. Each has the tag {@code home}, the home's directory. */
public enum PipelineGauge {
    /** 1 while the pipeline runs and can do its work, 0.5 while a part of it cannot, 0 once it is down. */
    HEALTH("pipeline.health", "", "1 healthy, 0.5 degraded, 0 down"),

    /** Trials by {@link io.pipelinev2.core.trial.TrialStatus}. */
    TRIALS("pipeline.trials", "status", "trials that stand in this status"),

    /** Deployments by {@link io.pipelinev2.core.deployment.DeploymentHealth}, those included that were stopped. */
    DEPLOYMENTS("pipeline.deployments", "health", "deployments of this health"),

    /** Stages of which no attempt is begun at present. */
    STAGES_HELD("pipeline.stages.held", "", "stages of which no attempt is begun at present");

    private final String id;
    private final String tag;
    private final String description;

    PipelineGauge(String id, String tag, String description) {
        this.id = id;
        this.tag = tag;
        this.description = description;
    }

    /** Its name in the registry. */
    public String id() {
        return id;
    }

    /** The tag that tells its series apart; empty if there is one only. */
    public String tag() {
        return tag;
    }

    /** What its number says. */
    public String description() {
        return description;
    }
}
