package io.pipelinev2.deploy.supervision;

/**
 * How much room the output of deployments' processes may take.
 *
 * @param perStart the bytes that the log of one start may take, set aside pieces included
 * @param total the bytes that all of them may take together
 */
public record LogLimits(long perStart, long total) {

    /** What the configuration's {@code logs} block begins with. */
    public static final LogLimits DEFAULT = new LogLimits(10_000_000, 1_000_000_000);

    public LogLimits {
        if (perStart < 1 || total < perStart) {
            throw new IllegalArgumentException(
                    "logs.max_file must be positive and logs.max_total no less, were " + perStart + " and " + total);
        }
    }

    /** What one start may take while this many write. */
    long perStart(int writing) {
        return Math.max(1, Math.min(perStart, total / Math.max(1, writing)));
    }
}
