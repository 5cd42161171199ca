package io.pipelinev2.runner.init;

/**
 * What a new home must be told; the rest has defaults.
 *
 * @param storage where Optuna keeps its trials
 * @param models where the models of trials lie, with placeholders
 * @param data the market data
 * @param port where the dashboard listens
 */
public record Answers(String storage, String models, String data, int port) {

    /** What holds if nobody says anything else. */
    public static final Answers USUAL = new Answers(
            "sqlite:///databases/optuna.db", "train_results/cwd_tests/trial_{number}_1h", "data/1h_1680", 8080);

    public Answers {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port was " + port + " but must be from 0 to 65535");
        }
    }
}
