package io.pipelinev2.runner.http.access;

/** Who may ask for something. */
public enum Access {
    /** Everybody who reaches the server: it tells nothing but that it is there. */
    OPEN,
    /** Everybody, unless a token file is configured; then who has the owner's token, or the one for reading alone. */
    READ,
    /** Who has the owner's token, and no page of another site. */
    CHANGE
}
