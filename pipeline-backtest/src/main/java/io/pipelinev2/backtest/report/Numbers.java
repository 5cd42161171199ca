package io.pipelinev2.backtest.report;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers for people: the same on every machine, with a true minus sign, never more digits than help. */
final class Numbers {

    private static final String MINUS = "\u2212";

    private Numbers() {}

    /** So many decimals, with thousands apart; beyond a million millions in powers of ten. */
    static String decimals(double value, int decimals) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("only finite numbers are shown, was " + value);
        }
        if (Math.abs(value) >= 1e12) {
            return pattern("0.00E0", value);
        }
        String fraction = decimals <= 0 ? "" : "." + "0".repeat(decimals);
        String text = pattern("#,##0" + fraction, value);
        return text.matches(MINUS + "0[.0]*") ? text.substring(1) : text;
    }

    /** About three digits that say something. */
    static String significant(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (size < 1e-5) {
            return pattern("0.0E0", value);
        }
        return decimals(value, size >= 100 ? 1 : size >= 1 ? 2 : Math.min(7, 2 - (int) Math.floor(Math.log10(size))));
    }

    /** A fraction as percent; small ones get more decimals. */
    static String percent(double fraction) {
        double percent = fraction * 100;
        if (!Double.isFinite(percent)) {
            return pattern("0.00E0", fraction);
        }
        double size = Math.abs(percent);
        return decimals(percent, size >= 1000 ? 0 : size >= 10 ? 1 : size >= 0.01 || size == 0 ? 2 : 4) + "\u00a0%";
    }

    /** A change as percent, with its sign. */
    static String change(double fraction) {
        return signed(percent(fraction));
    }

    /** With a plus sign unless it is negative or nothing. */
    static String signed(String number) {
        boolean nothing = number.chars().noneMatch(c -> c >= '1' && c <= '9');
        return nothing || number.startsWith(MINUS) || number.startsWith("+") ? number : "+" + number;
    }

    static String whole(double value) {
        return decimals(value, 0);
    }

    /** All digits, as in the JSON twin. */
    static String exact(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** A coordinate: a tenth of a pixel is enough. */
    static String pixels(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    private static String pattern(String pattern, double value) {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setMinusSign('\u2212');
        symbols.setExponentSeparator("e");
        return new DecimalFormat(pattern, symbols).format(value);
    }
}
