package io.pipelinev2.backtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import io.pipelinev2.backtest.overfit.OverfitFigure;
import io.pipelinev2.backtest.report.RollingSharpe.Point;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RollingSharpeTest {

    @Test
    void each_window_has_the_sharpe_of_its_steps_alone() {
        RunSeries run = new RunSeries(ReportedRun.of(ReportSamples.real(1)));

        RollingSharpe rolling = RollingSharpe.of(run);

        assertThat(rolling.window()).isEqualTo(720);
        assertThat(rolling.points()).hasSize(run.steps() - 720 + 1);
        for (int index : new int[] {0, 400, rolling.points().size() - 1}) {
            Point point = rolling.points().get(index);
            double[] window = Arrays.copyOfRange(run.returns(), point.end() - 720, point.end());
            assertThat(point.sharpe())
                    .isCloseTo(
                            PerformanceMetrics.ofReturns(window, 8760, 0, null)
                                    .get("sharpe")
                                    .value(),
                            within(1e-9));
        }
    }

    @Test
    void the_standard_error_of_the_whole_run_is_that_of_the_overfitting_panel() {
        var result = ReportSamples.real(1);
        SharpeInSample sharpe = SharpeInSample.of(new RunSeries(ReportedRun.of(result)));

        assertThat(sharpe.error())
                .isCloseTo(
                        ReportSamples.panel(result)
                                        .get(OverfitFigure.STANDARD_ERROR)
                                        .value()
                                * Math.sqrt(8760),
                        within(1e-9));
    }

    @Test
    void windows_without_a_change_are_a_gap() {
        RollingSharpe rolling = RollingSharpe.of(new RunSeries(ReportedRun.of(ReportSamples.withoutTrades())));

        assertThat(rolling.points())
                .isNotEmpty()
                .allSatisfy(point -> assertThat(point.sharpe()).isNull());
        assertThat(rolling.stretches()).isEmpty();
    }
}
