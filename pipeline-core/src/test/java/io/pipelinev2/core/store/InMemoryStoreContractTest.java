package io.pipelinev2.core.store;

import io.pipelinev2.core.Clock;

class InMemoryStoreContractTest extends StoreContract {

    @Override
    protected PipelineStore open(Clock clock) {
        return new InMemoryPipelineStore(clock);
    }
}
