package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

class PostgresStoreContractTest extends StoreContract {

    private static final String URL = PostgresServer.url("contract");

    @Override
    protected PipelineStore open(Clock clock) {
        PipelineStore opened = PostgresStore.open(URL);
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "truncate studies, trials, stages, series, findings, figures, preferences, ledger, attempts, deployments, process_runs, health, events, alerts, alert_deliveries, alert_channels,"
                            + " settings restart identity");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return opened;
    }
}
