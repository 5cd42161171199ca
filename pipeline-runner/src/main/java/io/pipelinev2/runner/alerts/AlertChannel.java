package io.pipelinev2.runner.alerts;

/**
 * Tells somebody of alerts. It is called by one thread at a time, with one notice at a time, and may take as long as its
 * configuration's {@code timeout}: then its thread is interrupted, and nothing more is told to it until that call has ended.
 */
@FunctionalInterface
public interface AlertChannel {

    /**
     * Tells of one alert. A notice may come a second time: if the program was killed after it was told and before that was
     * written down. The id, the kind and the time of a notice tell one from another.
     *
     * @throws Exception if it could not be told; it is tried again after a wait that doubles from 10 s to 15 min. The
     *     message is kept and shown, so it must hold no secret
     */
    void send(AlertNotice notice) throws Exception;
}
