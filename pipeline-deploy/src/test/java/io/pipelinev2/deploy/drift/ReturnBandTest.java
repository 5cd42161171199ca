package io.pipelinev2.deploy.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How often the band is left by chance, and how surely by something else. */
class ReturnBandTest {

    private static final int LENGTH = 300;
    private static final int TRADERS = 200;
    private static final int SAMPLES = 200;
    private static final double TAIL = 0.01;

    /** Hourly returns with a Sharpe ratio of about 2 a year. */
    private static double[] returns(Random random, int length, double mean, double correlation) {
        double[] returns = new double[length];
        double before = 0;
        for (int i = 0; i < length; i++) {
            before = correlation * before + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
            returns[i] = mean + 0.005 * before;
        }
        return returns;
    }

    private static boolean leaves(double[] paper, ReturnBand band) {
        double sum = 0;
        int look = 0;
        for (int bar = 1; bar <= paper.length; bar++) {
            sum += paper[bar - 1];
            if (look < band.looks().count() && band.looks().bars(look) == bar) {
                if (sum < band.low(look, 0) || sum > band.high(look, 0)) {
                    return true;
                }
                look++;
            }
        }
        return false;
    }

    /** The share of traders that leave the band of their backtest at any look. */
    private static double left(double paperMean, double correlation, int length) {
        Random random = new Random(20261125);
        int left = 0;
        for (int trader = 0; trader < TRADERS; trader++) {
            double[] backtest = returns(random, LENGTH, 0.0001, correlation);
            double[] paper = returns(random, length, paperMean, correlation);
            ReturnBand band = ReturnBand.of(backtest, Looks.from(24, length), SAMPLES, TAIL, trader);
            left += leaves(paper, band) ? 1 : 0;
        }
        return (double) left / TRADERS;
    }

    @Test
    void traders_as_good_as_their_backtests_leave_it_as_rarely_as_configured() {
        assertThat(left(0.0001, 0, LENGTH)).isLessThan(0.05);
        assertThat(left(0.0001, 0, 4 * LENGTH)).isLessThan(0.06);
    }

    @Test
    void returns_that_depend_on_one_another_do_not_make_false_alarms() {
        assertThat(left(0.0001, 0.5, LENGTH)).isLessThan(0.12);
    }

    @Test
    void the_band_is_no_wider_than_needed() {
        assertThat(left(0.0001, 0, 4 * LENGTH)).isGreaterThan(0.001);
    }

    @Test
    void a_trader_that_loses_steadily_leaves_it() {
        assertThat(left(0.0001 - 0.002, 0, LENGTH)).isGreaterThan(0.9);
        assertThat(left(0.0001 + 0.002, 0, LENGTH)).isGreaterThan(0.9);
    }

    @Test
    void it_can_be_drawn_bar_by_bar_and_is_at_looks_what_is_judged_there() {
        double[] backtest = returns(new Random(3), LENGTH, 0.0001, 0);
        ReturnBand band = ReturnBand.of(backtest, Looks.from(24, 4 * LENGTH), SAMPLES, TAIL, 3);

        assertThat(band.lowAfter(0)).isZero();
        assertThat(band.highAfter(0)).isZero();
        for (int look = 0; look < band.looks().count(); look++) {
            assertThat(band.lowAfter(band.looks().bars(look))).isEqualTo(band.low(look, 0));
            assertThat(band.highAfter(band.looks().bars(look))).isEqualTo(band.high(look, 0));
        }
        double earned = 0;
        for (int bar = 1; bar <= band.looks().bars(band.looks().count() - 1); bar++) {
            earned += bar <= LENGTH ? backtest[bar - 1] : 0;
            assertThat(band.lowAfter(bar)).isLessThan(band.highAfter(bar));
            if (bar <= LENGTH) {
                assertThat(earned).isBetween(band.lowAfter(bar) - 1e-9, band.highAfter(bar) + 1e-9);
            }
        }
    }

    @Test
    void the_backtest_itself_never_leaves_its_band() {
        Random random = new Random(1);
        for (int trader = 0; trader < 200; trader++) {
            // a fortune at the start, which chance would hardly repeat
            double[] backtest = returns(random, 200, 0, 0);
            Arrays.fill(backtest, 0, 20, 0.02);
            assertThat(leaves(backtest, ReturnBand.of(backtest, Looks.from(2, 3200), SAMPLES, TAIL, trader)))
                    .isFalse();
        }
    }

    @Test
    void the_same_seed_draws_the_same_band() {
        double[] backtest = returns(new Random(3), LENGTH, 0, 0.3);
        Looks looks = Looks.from(24, LENGTH);
        ReturnBand one = ReturnBand.of(backtest, looks, SAMPLES, TAIL, 42);
        ReturnBand two = ReturnBand.of(backtest, looks, SAMPLES, TAIL, 42);
        ReturnBand other = ReturnBand.of(backtest, looks, SAMPLES, TAIL, 43);
        assertThat(one.low(5, 0)).isEqualTo(two.low(5, 0)).isNotEqualTo(other.low(5, 0));
        assertThat(one.high(5, 0)).isEqualTo(two.high(5, 0));
    }

    @Test
    void a_long_backtest_costs_no_more_than_a_short_one() {
        double[] backtest = returns(new Random(3), 26_280, 0, 0);
        ReturnBand band = ReturnBand.of(backtest, Looks.from(24, ReturnBand.LONGEST * backtest.length), 1_000, TAIL, 1);
        assertThat(band.blockLength()).isGreaterThan(90);
        assertThat(ReturnBand.of(backtest, Looks.from(24, 500), SAMPLES, TAIL, 1)
                        .blockLength())
                .isLessThan(10);
    }
}
