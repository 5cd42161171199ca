package io.pipelinev2.runner.http;

/** A request that is not answered as it was meant to be, and why. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    ProblemException(int status, String detail) {
        this(Problem.of(status, detail));
    }

    Problem problem() {
        return problem;
    }
}
