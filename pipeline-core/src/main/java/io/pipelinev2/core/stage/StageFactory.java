package io.pipelinev2.core.stage;

/**
 * Makes stages of one type, as configured. The program finds factories by {@link java.util.ServiceLoader} in the jars of
 * a home's directory {@code plugins}; a host application may also hand one in.
 *
 * <p>A factory has a public constructor without parameters. It is called on one thread, before the first trial is worked
 * on.
 */
public interface StageFactory {

    /**
     * {@return the type by which a configuration asks for such a stage: a lower-case letter, then lower-case letters, digits,
     * {@code _} and {@code -}, at most 40 characters}
     */
    String type();

    /**
     * Makes a stage. One that is {@link AutoCloseable}, too, is closed once nothing works on it any more.
     *
     * @param configuration what stands of it in the configuration, its settings not looked at yet
     * @return a stage whose {@linkplain Stage#name name} is that of the configuration
     * @throws IllegalArgumentException if the settings are not what it takes; the message names the setting, says what it
     *     must be, and is shown as a fault of the configuration
     */
    Stage create(StageConfiguration configuration);
}
