package io.pipelinev2.backtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Round numbers along an axis. */
final class Ticks {

    /** One mark. */
    record Tick(double at, String label) {}

    private Ticks() {}

    /** About so many multiples of 1, 2 or 5 times a power of ten. */
    static List<Double> linear(double from, double to, int about) {
        List<Double> ticks = new ArrayList<>();
        double step = step(from, to, about);
        if (!(step > 0) || !Double.isFinite(step)) {
            return List.of(from);
        }
        double first = Math.ceil(from / step - 1e-9);
        for (int i = 0; i <= 4 * about; i++) {
            double tick = (first + i) * step;
            if (tick > to + step * 1e-9) {
                break;
            }
            ticks.add(tick == 0 ? 0.0 : tick);
        }
        return ticks;
    }

    /** The same for counts: whole numbers alone. */
    static List<Double> whole(double from, double to, int about) {
        return linear(from, to, about).stream()
                .filter(tick -> tick == Math.rint(tick))
                .toList();
    }

    /** Decimals that tell such ticks apart. */
    static int decimals(double from, double to, int about) {
        double step = step(from, to, about);
        return step > 0 && Double.isFinite(step)
                ? (int) Math.max(0, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)))
                : 2;
    }

    /** For a logarithmic axis: powers of ten with 2 and 5 between them when there is room, else round numbers. */
    static List<Double> logarithmic(double from, double to, int about) {
        double decades = Math.log10(to) - Math.log10(from);
        if (decades < 1.2) {
            return linear(from, to, about);
        }
        List<Double> ticks = new ArrayList<>();
        int every = (int) Math.max(1, Math.ceil(decades / (2 * about)));
        double[] between = decades > about / 2.0 ? new double[] {1} : new double[] {1, 2, 5};
        for (int power = (int) Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
            if (Math.floorMod(power, every) != 0) {
                continue;
            }
            for (double digit : between) {
                double tick = digit * Math.pow(10, power);
                if (tick >= from && tick <= to) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    static List<Tick> labelled(List<Double> values, DoubleFunction<String> label) {
        return values.stream().map(value -> new Tick(value, label.apply(value))).toList();
    }

    private static double step(double from, double to, int about) {
        double rough = (to - from) / about;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
    }
}
