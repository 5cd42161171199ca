package io.pipelinev2.optuna;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a parameter was drawn from, and so what its internal value means. Ranges and steps do not matter for that. */
sealed interface Distribution {

    /**
     * The value that the objective function was given.
     *
     * @throws MalformedRowException if the distribution cannot have given it
     */
    @Nullable
    Object decode(double internal) throws MalformedRowException;

    /** The internal value is the index of the choice. Optuna keeps 3, "3" and 3.0 apart, and so does this. */
    record Categorical(List<@Nullable Object> choices) implements Distribution {

        public Categorical {
            choices = Collections.unmodifiableList(new ArrayList<>(choices));
        }

        @Override
        public @Nullable Object decode(double internal) throws MalformedRowException {
            // also refuses NaN; Python would take -1 for the last choice, but Optuna never writes that
            if (!(internal >= 0 && internal < choices.size() && internal == Math.rint(internal))) {
                throw new MalformedRowException("is choice %s, but its distribution has the choices 0 to %d"
                        .formatted(internal, choices.size() - 1));
            }
            return choices.get((int) internal);
        }
    }

    /** A {@link Long}. Beyond 2^53 the storage itself has already rounded it. */
    record Int() implements Distribution {

        private static final double LIMIT = 0x1p63;

        @Override
        public Object decode(double internal) throws MalformedRowException {
            if (!(internal >= -LIMIT && internal < LIMIT)) {
                throw new MalformedRowException("is %s, but its distribution has whole numbers".formatted(internal));
            }
            return Math.round(internal);
        }
    }

    /** The value itself. */
    record Float() implements Distribution {

        @Override
        public Object decode(double internal) {
            return internal;
        }
    }
}
