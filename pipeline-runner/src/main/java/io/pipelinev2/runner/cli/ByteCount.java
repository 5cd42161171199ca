package io.pipelinev2.runner.cli;

import java.util.Locale;

/** Numbers of bytes as people read them, in powers of 1000. */
final class ByteCount {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private ByteCount() {}

    static String of(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        double amount = bytes / 1000.0;
        int unit = 0;
        while (amount >= 999.95 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
