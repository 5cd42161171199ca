package io.pipelinev2.backtest.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the agent did with its capital, per step.
 *
 * @param equity after each step
 * @param invested value of the holdings after each step, in quote currency
 * @param traded value bought and sold in each step, both sides added
 * @param fees paid in each step
 */
public record Activity(double[] equity, double[] invested, double[] traded, double[] fees) {

    /** Takes its own copies and checks that they are of one length and finite. */
    public Activity {
        equity = equity.clone();
        invested = invested.clone();
        traded = traded.clone();
        fees = fees.clone();
        if (invested.length != equity.length || traded.length != equity.length || fees.length != equity.length) {
            throw new IllegalArgumentException("equity, invested, traded and fees must be of one length, were "
                    + equity.length + ", " + invested.length + ", " + traded.length + " and " + fees.length);
        }
        Series.requireFinite(equity, "equity");
        Series.requireFinite(invested, "invested value");
        Series.requireFinite(traded, "traded value");
        Series.requireFinite(fees, "fees");
    }

    Map<String, Metric> metrics(double periodsPerYear) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int n = 0;
        int exposed = 0;
        double exposure = 0;
        double turnover = 0;
        double paid = 0;
        // What comes after a bankruptcy has no meaning relative to equity.
        for (; n < equity.length && equity[n] > 0; n++) {
            exposed += invested[n] > 0 ? 1 : 0;
            exposure += invested[n] / equity[n];
            turnover += traded[n] / equity[n];
            paid += fees[n];
        }
        Metric none = Metric.undefined("there are no steps with equity");
        metrics.put("exposure_time", n == 0 ? none : Metric.of((double) exposed / n));
        metrics.put("gross_exposure_mean", n == 0 ? none : Metric.of(exposure / n));
        metrics.put("turnover_per_step", n == 0 ? none : Metric.of(turnover / n));
        metrics.put("turnover_ann", n == 0 ? none : Metric.of(turnover / n * periodsPerYear));
        metrics.put("fees_total", Metric.of(paid));
        return metrics;
    }
}
