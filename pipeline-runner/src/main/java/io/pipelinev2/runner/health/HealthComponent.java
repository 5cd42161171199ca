package io.pipelinev2.runner.health;

/** The names under which checks report, beside the loops of the daemon and the stages. */
public final class HealthComponent {

    public static final String DATABASE = "database";
    public static final String DISK = "disk";
    public static final String CLOCK = "clock";
    public static final String FEEDS = "feeds";

    /** The trial source, if it is Optuna's storage. */
    public static final String OPTUNA = "optuna";

    /** The trial source, if it is another. */
    public static final String SOURCE = "source";

    private HealthComponent() {}
}
