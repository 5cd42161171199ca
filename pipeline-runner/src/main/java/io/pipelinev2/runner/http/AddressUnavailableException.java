package io.pipelinev2.runner.http;

import io.pipelinev2.core.PipelineException;

/** The address to serve on cannot be used: its port is taken, it is not this machine's, or it may not be opened. */
public final class AddressUnavailableException extends PipelineException {

    private final String host;
    private final int port;

    AddressUnavailableException(String host, int port, Throwable cause) {
        super(
                "Cannot listen on " + host + ":" + port + ": the port must be free and the address this machine's ("
                        + reason(cause)
                        + "). See who has it with `ss -ltnp`, or set http.port to another one, 0 for any.",
                cause);
        this.host = host;
        this.port = port;
    }

    /** The address that was to be used. */
    public String host() {
        return host;
    }

    /** The port that was to be used. */
    public int port() {
        return port;
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
