package io.pipelinev2.backtest.gate;

/**
 * Makes gates of one type, as configured. The program finds factories by {@link java.util.ServiceLoader} in the jars of a
 * home's directory {@code plugins}; a host application may also hand one in.
 *
 * <p>A factory has a public constructor without parameters. It is called on one thread, before the first trial is judged.
 */
public interface GateFactory {

    /**
     * The type by which a configuration asks for such a gate: a lower-case letter, then lower-case letters, digits, {@code _}
     * and {@code -}, at most 40 characters.
     */
    String type();

    /**
     * Makes a gate. One that is {@link AutoCloseable}, too, is closed once nothing asks it any more.
     *
     * @return a gate whose {@linkplain CustomGate#name name} is that of the configuration
     * @throws IllegalArgumentException if the settings are not what it takes; the message names the setting, says what it
     *     must be, and is shown as a fault of the configuration
     */
    CustomGate create(GateConfiguration configuration);
}
