package io.pipelinev2.backtest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KernelTest {

    @Test
    void the_vector_kernel_is_taken_where_its_module_is() {
        // The build adds the module to the tests' JVM.
        assertThat(KernelChoice.fastest()).isInstanceOf(VectorKernel.class);
    }

    @Test
    void the_plain_kernel_is_taken_where_nothing_optimises() {
        assertThat(KernelChoice.optimises("mixed mode, sharing")).isTrue();
        assertThat(KernelChoice.optimises("mixed mode, emulated-client, sharing"))
                .isFalse();
        assertThat(KernelChoice.optimises("interpreted mode, sharing")).isFalse();
    }

    @Property(tries = 60)
    void both_kernels_give_the_same_bits_for_any_network(
            @ForAll @IntRange(min = 1, max = 300) int inputs,
            @ForAll @IntRange(min = 1, max = 200) int width1,
            @ForAll @IntRange(min = 1, max = 200) int width2,
            @ForAll @IntRange(min = 1, max = 20) int actions,
            @ForAll long seed) {
        ActorCheckpoint checkpoint = RandomActor.of(inputs, width1, width2, actions, seed);
        ActorNetwork plain = new ActorNetwork(checkpoint, new PlainKernel());
        ActorNetwork vector = new ActorNetwork(checkpoint, new VectorKernel());
        float[] plainAction = new float[actions];
        float[] vectorAction = new float[actions];

        for (int step = 0; step < 20; step++) {
            float[] state = state(inputs, seed + step);
            plain.act(state, plainAction);
            vector.act(state, vectorAction);

            assertThat(vectorAction).containsExactly(plainAction);
        }
    }

    @Property(tries = 40)
    void actions_are_those_of_a_forward_pass_in_double(
            @ForAll @IntRange(min = 1, max = 300) int inputs,
            @ForAll @IntRange(min = 1, max = 200) int width1,
            @ForAll @IntRange(min = 1, max = 200) int width2,
            @ForAll @IntRange(min = 1, max = 20) int actions,
            @ForAll long seed) {
        ActorCheckpoint checkpoint = RandomActor.of(inputs, width1, width2, actions, seed);
        float[] state = state(inputs, seed);
        float[] action = new float[actions];

        new ActorNetwork(checkpoint).act(state, action);

        double[] hidden = new double[inputs];
        for (int i = 0; i < inputs; i++) {
            hidden[i] = state[i];
        }
        hidden = layer(checkpoint.first(), hidden, true);
        hidden = layer(checkpoint.second(), hidden, true);
        hidden = layer(checkpoint.last(), hidden, false);
        for (int i = 0; i < actions; i++) {
            assertThat((double) action[i]).isCloseTo(Math.tanh(hidden[i]), within(2e-6));
        }
    }

    private static double[] layer(ActorCheckpoint.Linear layer, double[] x, boolean rectify) {
        double[] y = new double[layer.outputs()];
        for (int output = 0; output < y.length; output++) {
            y[output] = layer.bias(output);
            for (int i = 0; i < x.length; i++) {
                y[output] += layer.weight(output, i) * x[i];
            }
            if (rectify) {
                y[output] = Math.max(y[output], 0);
            }
        }
        return y;
    }

    private static float[] state(int length, long seed) {
        Random random = new Random(seed);
        float[] state = new float[length];
        for (int i = 0; i < length; i++) {
            state[i] = (float) random.nextGaussian();
        }
        return state;
    }
}
