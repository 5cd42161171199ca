package io.pipelinev2.backtest.policy;

import java.util.Random;

/** Actors of any size with weights such as training starts from, in files as torch writes them. */
public final class RandomActor {

    private RandomActor() {}

    /** An actor with two hidden layers of one width. */
    public static ActorCheckpoint of(int stateDimension, int width, int actions, long seed) {
        return of(stateDimension, width, width, actions, seed);
    }

    static ActorCheckpoint of(int stateDimension, int width1, int width2, int actions, long seed) {
        return ActorCheckpoint.parse(bytes(stateDimension, width1, width2, actions, seed), "a random actor");
    }

    /** The file of such an actor. */
    public static byte[] bytes(int stateDimension, int width1, int width2, int actions, long seed) {
        Random random = new Random(seed);
        TorchArchive archive = new TorchArchive();
        layer(archive, "net.0", stateDimension, width1, random);
        layer(archive, "net.2", width1, width2, random);
        layer(archive, "net.4", width2, actions, random);
        return archive.bytes();
    }

    private static void layer(TorchArchive archive, String name, int inputs, int outputs, Random random) {
        double bound = 1 / Math.sqrt(inputs);
        tensor(archive, name + ".weight", bound, random, outputs, inputs);
        tensor(archive, name + ".bias", bound, random, outputs);
    }

    private static void tensor(TorchArchive archive, String key, double bound, Random random, int... shape) {
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        archive.tensor(key, "FloatStorage", values, 0, shape, TorchArchive.strides(shape));
    }
}
