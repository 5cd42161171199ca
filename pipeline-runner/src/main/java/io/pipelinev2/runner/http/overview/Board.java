package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.http.page.TrialsSection;
import io.pipelinev2.runner.view.TrialRow;
import io.pipelinev2.runner.view.TrialsView;
import java.util.List;

/**
 * What a look at all trials tells. It may take long, so what pages need of it is worked out once.
 *
 * @param best the first trials, best first
 * @param count how many there are in all
 * @param funnel how far they came
 * @param failures which of them nobody knows yet whether they are any good
 */
public record Board(List<TrialRow> best, int count, Funnel funnel, List<Failure> failures) {

    public Board {
        best = List.copyOf(best);
        failures = List.copyOf(failures);
    }

    public static Board read(PipelineStore store, RankBy rankBy) {
        List<TrialRow> all = TrialsView.of(store, rankBy).rows();
        return new Board(TrialsSection.best(all), all.size(), Funnel.of(all), Failure.in(all));
    }
}
