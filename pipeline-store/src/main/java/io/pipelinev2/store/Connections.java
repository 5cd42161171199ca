package io.pipelinev2.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Where connections come from. They are in autocommit when given out, and must be when given back. */
interface Connections extends AutoCloseable {

    /** A connection for a transaction that only reads. */
    Session toRead() throws SQLException;

    /** A connection for a transaction that writes. */
    Session toWrite() throws SQLException;

    /** As {@link io.pipelinev2.core.store.PipelineStore#version}. */
    OptionalLong version() throws SQLException;

    @Override
    void close();

    /** The use of a connection until it is given back. */
    interface Session extends AutoCloseable {

        Connection connection();

        /** Its transaction could not be ended, so it must not be used again. */
        void discard();

        /** Gives it back. */
        @Override
        void close();
    }
}
