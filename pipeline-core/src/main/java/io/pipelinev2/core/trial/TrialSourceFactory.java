package io.pipelinev2.core.trial;

/**
 * Opens trial sources of one type, as configured: for optimisers other than Optuna. The program finds factories by
 * {@link java.util.ServiceLoader} in the jars of a home's directory {@code plugins}; a host application may also hand one
 * in.
 *
 * <p>A factory has a public constructor without parameters.
 */
public interface TrialSourceFactory {

    /**
     * {@return the type by which a configuration asks for such a source: a lower-case letter, then lower-case letters, digits,
     * {@code _} and {@code -}, at most 40 characters}
     */
    String type();

    /**
     * Opens a source. One that is {@link AutoCloseable}, too, is closed with the home.
     *
     * @param configuration what stands of it in the configuration, its settings not looked at yet
     * @return a source; what it reads need not be there yet
     * @throws IllegalArgumentException if the settings are not what it takes; the message names the setting, says what it
     *     must be, and is shown as a fault of the configuration
     * @throws TrialSourceException if what the settings name cannot be read
     */
    TrialSource open(TrialSourceConfiguration configuration);
}
