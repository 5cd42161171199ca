package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.deployment.TradingState;
import org.jspecify.annotations.Nullable;

/**
 * Which orders a trader may give, and why not all.
 *
 * @param reason in words, or null if it may give all
 */
record Permission(TradingState state, @Nullable String reason) {

    static final Permission ALL = new Permission(TradingState.ACTIVE, null);

    static Permission exitsOnly(String why) {
        return new Permission(TradingState.REDUCING, why + ": no new entries; exits still run");
    }

    static Permission nothing(String why) {
        return new Permission(TradingState.HALTED, why + ": no orders at all; positions stay as they are");
    }

    static Permission of(TradingState state, String why) {
        return switch (state) {
            case ACTIVE -> ALL;
            case REDUCING -> exitsOnly(why);
            case HALTED -> nothing(why);
        };
    }

    /** The stricter of two; of equals the first. */
    Permission and(Permission other) {
        return other.state.compareTo(state) > 0 ? other : this;
    }
}
