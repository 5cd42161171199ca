package io.pipelinev2.deploy.papertrading;

import java.nio.file.Path;

/** The paper trader as a program of its own, for when there is no runner jar: {@code --state DIR}. */
public final class PaperTraderMain {

    private static final int USAGE = 64;

    private PaperTraderMain() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[0].equals("--state")) {
            System.err.println("usage: PaperTraderMain --state DIR");
            System.exit(USAGE);
        }
        System.exit(PaperTrader.run(Path.of(arguments[1])));
    }
}
