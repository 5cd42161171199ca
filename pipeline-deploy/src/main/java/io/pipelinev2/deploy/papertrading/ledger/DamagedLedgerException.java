package io.pipelinev2.deploy.papertrading.ledger;

import io.pipelinev2.core.PipelineException;

/** A ledger is not what its trader wrote, beyond a torn last line. Nothing was changed. */
public final class DamagedLedgerException extends PipelineException {

    private static final long serialVersionUID = 1L;

    DamagedLedgerException(String message) {
        super(message);
    }
}
