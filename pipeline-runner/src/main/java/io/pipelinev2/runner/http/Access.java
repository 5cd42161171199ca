package io.pipelinev2.runner.http;

/** Who may ask for something. */
enum Access {
    /** Everybody who reaches the server: it tells nothing but that it is there. */
    OPEN,
    /** Everybody, unless a token file is configured; then who has the token. */
    READ,
    /** Who has the token, and no page of another site. */
    CHANGE
}
