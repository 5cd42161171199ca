package io.pipelinev2.store;

import io.pipelinev2.core.store.StaleStateException;

/** What every update is held against, beside the table of transitions. */
final class Checks {

    private Checks() {}

    /** An update whose row no longer stands as the writer had read it changed no row. */
    static void changed(int rows, String what, long id, String expected) {
        if (rows == 0) {
            throw new StaleStateException(
                    "%s %d is not, or no longer, %s: it was changed by someone else, so this write was refused"
                            .formatted(what, id, expected));
        }
    }
}
