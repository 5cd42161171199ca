package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.deployment.EquityPoint;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a paper account has earned.
 *
 * @param worth at its last bar
 * @param today what it gained since the day began (UTC)
 * @param gained what it gained since it was opened
 * @param capital what it was opened with
 * @param drawdown how far it fell below its highest at most, as a share of that
 * @param points what it was worth over time, in few points
 */
public record Account(
        double worth, double today, double gained, double capital, double drawdown, List<Curve.Point> points) {

    public Account {
        points = List.copyOf(points);
    }

    /** An account as it is gathered bar by bar, of which nothing else is kept. */
    static final class Trace {

        private static final int POINTS = 60;

        private final Curve curve = new Curve(POINTS);
        private final double capital;
        private double highest;
        private double drawdown;
        private double worth;
        private double atDawn;
        private @Nullable LocalDate day;

        /** @param capital what it was opened with */
        Trace(double capital) {
            this.capital = capital;
            this.highest = capital;
            this.worth = capital;
            this.atDawn = capital;
        }

        void add(EquityPoint point) {
            LocalDate its = day(point.at());
            if (!its.equals(day)) {
                atDawn = worth;
                day = its;
            }
            worth = point.equity();
            highest = Math.max(highest, worth);
            drawdown = Math.max(drawdown, highest > 0 ? 1 - worth / highest : 0);
            curve.add(new Curve.Point(point.step(), point.at().toEpochMilli(), worth));
        }

        Account at(Instant now) {
            double today = day(now).equals(day) ? worth - atDawn : 0;
            return new Account(worth, today, worth - capital, capital, drawdown, curve.points());
        }

        private static LocalDate day(Instant at) {
            return at.atZone(ZoneOffset.UTC).toLocalDate();
        }
    }
}
