package io.pipelinev2.deploy.record;

import io.pipelinev2.core.PipelineException;

/** A ledger does not go on where the database is: nothing of it is imported. */
final class UnusableLedgerException extends PipelineException {

    private static final long serialVersionUID = 1L;

    UnusableLedgerException(String message) {
        super(message);
    }
}
