package io.pipelinev2.runner.alerts;

/**
 * Makes channels of one type, as configured. The program finds factories by {@link java.util.ServiceLoader} in the jars of
 * a home's directory {@code plugins}; a host application may also hand one in.
 *
 * <p>A factory has a public constructor without parameters. It is called on one thread, before the daemon begins.
 */
public interface AlertChannelFactory {

    /**
     * The type by which a configuration asks for such a channel: a lower-case letter, then lower-case letters, digits,
     * {@code _} and {@code -}, at most 40 characters; none of the built-in ones.
     */
    String type();

    /**
     * Makes a channel. One that is {@link AutoCloseable}, too, is closed once nothing is told to it any more.
     *
     * @throws IllegalArgumentException if the settings are not what it takes; the message names the setting, says what it
     *     must be, and is shown as a fault of the configuration
     */
    AlertChannel create(AlertChannelConfiguration configuration);
}
