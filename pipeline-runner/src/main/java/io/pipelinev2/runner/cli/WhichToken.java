package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.http.access.TokenFile;
import picocli.CommandLine.Option;

/** Which of the two access tokens is meant. */
final class WhichToken {

    @Option(names = "--read-only", description = "The token for reading alone, not the owner's.")
    boolean readOnly;

    /** @throws RefusedException if the configuration has none */
    TokenFile in(PipelineConfig config) {
        return readOnly
                ? config.readTokenFile()
                        .map(TokenFile::new)
                        .orElseThrow(() -> new RefusedException(
                                "There is no token for reading alone: set http.read_token_file to where it is to lie,"
                                        + " and start the daemon again."))
                : config.tokenFile()
                        .map(TokenFile::new)
                        .orElseThrow(() -> new RefusedException(
                                "There is no owner's token, because nothing can be changed over HTTP (http.read_only)"
                                        + " and http.token_file names none."));
    }

    String words() {
        return readOnly ? "access token for reading" : "owner's access token";
    }
}
