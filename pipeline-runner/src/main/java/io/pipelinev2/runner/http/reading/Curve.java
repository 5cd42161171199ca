package io.pipelinev2.runner.http.reading;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A long row of figures in few points: of every stretch its smallest and its largest, at their own places, so that no
 * drawdown and no peak is lost; and the first and the last. Figures are added one by one, and however many come, no more
 * than twice the wanted number of stretches is kept.
 */
public final class Curve {

    private final int most;
    private final List<Stretch> stretches = new ArrayList<>();
    private int width = 1;
    private long count;
    private Point first = new Point(0, 0, 0);
    private Point last = new Point(0, 0, 0);

    /**
     * A figure.
     *
     * @param step its place in the row
     * @param at its time in milliseconds, or 0 if it has none
     */
    public record Point(long step, long at, double value) {}

    private static final class Stretch {
        private Point least;
        private Point greatest;
        private int count = 1;

        private Stretch(Point point) {
            least = point;
            greatest = point;
        }

        private void add(Point point) {
            least = point.value() < least.value() ? point : least;
            greatest = point.value() > greatest.value() ? point : greatest;
            count++;
        }

        private void add(Stretch later) {
            least = later.least.value() < least.value() ? later.least : least;
            greatest = later.greatest.value() > greatest.value() ? later.greatest : greatest;
            count += later.count;
        }
    }

    /** @param points how many points at most, at least 4 */
    public Curve(int points) {
        this.most = (points - 2) / 2;
    }

    public void add(Point point) {
        if (count == 0) {
            first = point;
        }
        last = point;
        count++;
        Stretch open = stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
        if (open != null && open.count < width) {
            open.add(point);
            return;
        }
        if (stretches.size() == 2 * most) {
            halve();
        }
        stretches.add(new Stretch(point));
    }

    private void halve() {
        for (int i = 0; i < most; i++) {
            Stretch stretch = stretches.get(2 * i);
            stretch.add(stretches.get(2 * i + 1));
            stretches.set(i, stretch);
        }
        stretches.subList(most, stretches.size()).clear();
        width *= 2;
    }

    /** How many figures there were. */
    public long count() {
        return count;
    }

    /** In order; all of them if they are few. */
    public List<Point> points() {
        if (stretches.size() > most) {
            // an odd one at the end is half as long as the others, which does no harm
            if (stretches.size() % 2 == 1) {
                stretches.add(new Stretch(last));
            }
            int half = stretches.size() / 2;
            for (int i = 0; i < half; i++) {
                Stretch stretch = stretches.get(2 * i);
                stretch.add(stretches.get(2 * i + 1));
                stretches.set(i, stretch);
            }
            stretches.subList(half, stretches.size()).clear();
            width *= 2;
        }
        List<Point> points = new ArrayList<>();
        if (count > 0) {
            add(points, first);
        }
        for (Stretch stretch : stretches) {
            boolean fell = stretch.least.step() > stretch.greatest.step();
            add(points, fell ? stretch.greatest : stretch.least);
            add(points, fell ? stretch.least : stretch.greatest);
        }
        if (count > 0) {
            add(points, last);
        }
        return points;
    }

    /** In columns, as charts take them. */
    public Map<String, @Nullable Object> json(boolean timed) {
        List<Point> points = points();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("count", count);
        json.put("step", points.stream().map(Point::step).toList());
        if (timed) {
            json.put(
                    "at",
                    points.stream()
                            .map(point -> Instant.ofEpochMilli(point.at()))
                            .toList());
        }
        json.put("value", points.stream().map(Point::value).toList());
        return json;
    }

    private static void add(List<Point> points, Point point) {
        if (points.isEmpty() || points.get(points.size() - 1).step() < point.step()) {
            points.add(point);
        }
    }
}
