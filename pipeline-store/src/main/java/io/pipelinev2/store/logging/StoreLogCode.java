package io.pipelinev2.store.logging;

import io.pipelinev2.core.logging.LogCode;

/** What the store warns of. docs/log-codes.md is made from it. */
public enum StoreLogCode implements LogCode {
    CONNECTION_NOT_RETURNED(
            201,
            "the PostgreSQL server or the network went away while a connection was in use",
            "see that the server is up; connections are made anew by themselves"),
    CONNECTION_NOT_CLOSED(
            202,
            "the disk of the SQLite file did not take a last write",
            "`P db check`, and look at the disk with `df` and `dmesg`");

    private final Meaning meaning;

    StoreLogCode(int number, String cause, String action) {
        this.meaning = new Meaning(number, cause, action);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
