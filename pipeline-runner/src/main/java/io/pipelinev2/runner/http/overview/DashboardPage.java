package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.runner.http.frame.Frame;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.page.DeploymentsSection;
import io.pipelinev2.runner.http.page.TrialsSection;
import io.pipelinev2.runner.http.reading.Glance;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import io.pipelinev2.runner.http.reading.Traders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page at {@code /}.
 *
 * @param changing whether something can be done from here
 * @param stages all that are known; empty if none are
 * @param daemon how the daemon goes about it, as far as that is known
 */
public record DashboardPage(
        Snapshot<Glance> status,
        Snapshot<Board> board,
        Snapshot<Traders> traders,
        String rankMetric,
        boolean changing,
        List<String> stages,
        Daemon daemon,
        Instant now) {

    /**
     * @param since since when it is up
     * @param discoversEvery how long it waits between two looks for new trials, or null if that is not known
     */
    public record Daemon(@Nullable Instant since, @Nullable Duration discoversEvery) {}

    public Frame.Shown shown() {
        StatusAnswer answer = new StatusAnswer(status);
        List<Node> content = new ArrayList<>();
        content.add(OverviewSection.of(answer, daemon, now));
        Board trials = board.value();
        Traders deployed = traders.value();
        content.add(AttentionSection.of(attention(answer, trials, deployed), now));
        if (trials != null) {
            content.add(FunnelSection.of(trials.funnel(), deployed, changing ? pausable(answer) : List.of()));
        }
        if (deployed != null) {
            content.add(DeploymentsSection.brief(deployed, now));
        }
        if (trials != null) {
            content.add(new TrialsSection(rankMetric).of(trials.best(), trials.count()));
        }
        content.add(footer());
        return new Frame.Shown(
                answer.health().label(),
                new Text("Overview"),
                taken(),
                board.trouble() == null ? traders.trouble() : board.trouble(),
                content);
    }

    /** Those that nothing holds: what holds one, and how to end that, is among the problems. */
    private List<String> pausable(StatusAnswer answer) {
        PipelineStatus known = answer.status();
        List<String> held = known == null
                ? List.of()
                : known.holds().stream().map(StageHold::stage).toList();
        return held.contains(StageHold.EVERY_STAGE)
                ? List.of()
                : stages.stream().filter(stage -> !held.contains(stage)).toList();
    }

    private List<Attention.Item> attention(StatusAnswer answer, @Nullable Board trials, @Nullable Traders deployed) {
        Attention attention = new Attention(changing).components(answer);
        if (deployed != null) {
            attention.traders(deployed.view().rows());
        }
        if (trials != null) {
            attention.failures(trials.failures());
        }
        if (deployed != null) {
            attention.alerts(deployed.alerts(), now);
        }
        return attention.items();
    }

    private static Node footer() {
        return Element.of(
                        "p",
                        Element.of("a", "Status as JSON").attribute("href", "/status"),
                        Element.of("a", "Trials as JSON").attribute("href", "/api/v1/trials"),
                        Element.of("a", "Deployments as JSON").attribute("href", "/api/v1/deployments"))
                .style("footer");
    }

    /** When the oldest of what is shown was read. */
    private @Nullable Instant taken() {
        return Stream.of(status.takenAt(), board.takenAt(), traders.takenAt())
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
