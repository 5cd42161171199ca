package io.pipelinev2.runner.health;

import io.pipelinev2.core.monitoring.HealthStatus;

/** Looks at one component. */
interface Check {

    /** How a component is. */
    record Result(HealthStatus status, String message) {

        static Result healthy(String message) {
            return new Result(HealthStatus.HEALTHY, message);
        }

        static Result degraded(String message) {
            return new Result(HealthStatus.DEGRADED, message);
        }

        static Result down(String message) {
            return new Result(HealthStatus.DOWN, message);
        }
    }

    /** The component's name. */
    String component();

    /**
     * Looks. It may take its time, or throw: both are told of the component.
     *
     * @throws Exception if the component cannot be looked at
     */
    Result look() throws Exception;

    /** A check that is a function. */
    static Check of(String component, Look look) {
        return new Check() {
            @Override
            public String component() {
                return component;
            }

            @Override
            public Result look() throws Exception {
                return look.look();
            }
        };
    }

    /** The function. */
    interface Look {
        Result look() throws Exception;
    }
}
