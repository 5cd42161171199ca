package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.NpyArray;
import io.pipelinev2.backtest.policy.ActorCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The files that the original system was run on, and what it computed from them under NumPy 2. */
public final class Fixtures {

    public static final Path ROOT = Path.of("src", "test", "resources");
    public static final Path MARKET = ROOT.resolve("market");
    public static final ObjectMapper JSON = new ObjectMapper();

    private static final MarketData DATA = load();

    private Fixtures() {}

    public static MarketData market() {
        return DATA;
    }

    public static Path trial(int number) {
        return ROOT.resolve("trials").resolve("trial_" + number + "_1h");
    }

    public static JsonNode json(Path file) {
        return JSON.readTree(file.toFile());
    }

    public static Map<String, Object> rawParameters(int number) {
        @SuppressWarnings("unchecked")
        Map<String, Object> parameters =
                JSON.readValue(trial(number).resolve("params.json").toFile(), Map.class);
        return parameters;
    }

    public static AgentParameters parameters(int number) {
        return AgentParameters.from(rawParameters(number));
    }

    public static ActorCheckpoint checkpoint(int number) {
        try {
            return ActorCheckpoint.read(trial(number).resolve("actor.pth"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static NpyArray array(int number, String name) {
        try {
            return NpyArray.read(trial(number).resolve(name + ".npy"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static float[][] actions(int number, String suffix) {
        NpyArray array = array(number, "expected_actions_" + suffix);
        float[][] actions = new float[array.rows()][array.columns()];
        for (int row = 0; row < array.rows(); row++) {
            for (int column = 0; column < array.columns(); column++) {
                actions[row][column] = (float) array.get(row, column);
            }
        }
        return actions;
    }

    private static MarketData load() {
        try {
            return MarketData.load(MARKET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
