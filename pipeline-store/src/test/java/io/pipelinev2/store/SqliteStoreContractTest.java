package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreContractTest extends StoreContract {

    @TempDir(factory = MemoryDirectory.class)
    Path home;

    @Override
    protected PipelineStore open(Clock clock) {
        return SqliteStore.open(home.resolve("pipeline_v2.db"), clock);
    }
}
