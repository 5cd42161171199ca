package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of assets as files give them: short, printable, each once. */
final class AssetNames {

    static final int MAX_ASSETS = 1000;
    static final int MAX_LENGTH = 64;
    private static final int MAX_BYTES = MAX_ASSETS * (MAX_LENGTH + 2);

    private AssetNames() {}

    /** Reads one name per line; blank lines do not count. */
    static List<String> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedMarketDataException(file + " is larger than " + MAX_BYTES
                    + " bytes. Write one asset's name per line and nothing else.");
        }
        List<String> names = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!isName(name) || !seen.add(name)) {
                throw new MalformedMarketDataException(
                        file + " must hold one asset's name per line, each once, of at most " + MAX_LENGTH
                                + " printable characters, unlike " + shown(name) + ".");
            }
        }
        return names;
    }

    static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= MAX_LENGTH
                && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\uFFFD');
    }

    /** The beginning of a text from a file, fit for an error message. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.chars().limit(40).forEach(c -> shown.append(c < ' ' || c > '~' ? '?' : (char) c));
        return shown.append(text.length() > 40 ? "…'" : "'").toString();
    }
}
