package io.pipelinev2.runner.http;

import io.pipelinev2.core.PipelineException;

/** The configured address can be reached from other machines, and nothing would ask who is there. */
public final class ExposedAddressException extends PipelineException {

    ExposedAddressException(String host) {
        super("http.host was '" + host + "' but must be a loopback address such as 127.0.0.1, because the dashboard"
                + " does not ask who is there. To see it from another machine, leave http.host at 127.0.0.1 and use"
                + " `ssh -L 8080:127.0.0.1:8080 THIS_MACHINE`.");
    }
}
