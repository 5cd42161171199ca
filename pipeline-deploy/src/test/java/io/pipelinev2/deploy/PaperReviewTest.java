package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.PaperAccounts.Line;
import io.pipelinev2.deploy.drift.DriftSettings;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.drift.ProvenSettings;
import io.pipelinev2.deploy.papertrading.performance.PaperFigures;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import io.pipelinev2.deploy.ranking.PaperEvidence;
import io.pipelinev2.deploy.record.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paper accounts of a real model on real bars, against its real backtest. */
class PaperReviewTest {

    private static final Duration HOUR = Duration.ofHours(1);

    /** So lenient that the backtest's own figures pass. */
    private static final ProvenSettings LENIENT = new ProvenSettings(7, 0, -100, 1, -1);

    @TempDir
    Path directory;

    private ManualClock clock;
    private PaperAccounts accounts;
    private Deployment deployment;

    @BeforeEach
    void begin() {
        begin(directory);
    }

    private void begin(Path home) {
        clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
        accounts = new PaperAccounts(new Home(home, clock), clock);
        deployment = accounts.deployed(1);
    }

    private Recording recording(ProvenSettings proven) {
        return new Recording(
                accounts.home.store,
                clock,
                accounts::directory,
                new PaperReview(accounts.home.store, clock, DriftSettings.DEFAULT, proven, 8760));
    }

    /** Writes the lines a few at a time, each an hour after the one before, and looks after each few. */
    private void trade(Recording recording, List<Line> lines, int atATime) throws Exception {
        for (int from = 0; from < lines.size(); from += atATime) {
            accounts.append(deployment.id(), lines.subList(from, Math.min(lines.size(), from + atATime)), HOUR);
            settle(recording);
        }
    }

    private void settle(Recording recording) {
        do {
            clock.advance(Duration.ofMinutes(2));
        } while (!recording.pass());
    }

    private List<Event> events(EventType type) {
        List<Event> all =
                new ArrayList<>(accounts.home.store.read((StoreReader tx) -> tx.events(deployment.trialId(), 1_000)));
        all.removeIf(event -> event.type() != type);
        return all;
    }

    private Map<String, @Nullable Object> finding(String name) {
        return accounts.finding(deployment, name);
    }

    private PaperRecord recorded() {
        PaperRecord record = new PaperRecord();
        List<LedgerEntry> entries =
                accounts.home.store.read((StoreReader tx) -> tx.ledger(deployment.id(), 0, 100_000));
        entries.forEach(record::add);
        return record;
    }

    @Test
    void a_paper_run_over_the_bars_of_the_backtest_has_its_figures_to_the_last_bit() throws Exception {
        accounts.append(deployment.id(), accounts.play(deployment), HOUR);
        settle(recording(LENIENT));
        PaperFigures paper = recorded().figures(accounts.backtest.periodsPerYear());
        assertThat(paper.values()).hasSizeGreaterThan(60).doesNotContainKeys("hhi_mean", "ew_rebalanced_total_return");
        paper.values()
                .forEach((name, value) -> assertThat(value)
                        .as(name)
                        .isEqualTo(accounts.backtest.metrics().get(name).value()));
        assertThat(finding(PaperEvidence.FINDING).get("metrics")).isEqualTo(paper.values());
    }

    @Test
    void it_never_drifts_at_whatever_length_it_is_looked_at() throws Exception {
        Recording recording = recording(LENIENT);
        trade(recording, accounts.play(deployment), 5);
        assertThat(events(EventType.DEPLOYMENT_DRIFTED)).isEmpty();
        assertThat(finding(PaperReview.DRIFT))
                .containsEntry("drifted", false)
                .containsEntry("words", "it trades as its backtest leads to expect");
        assertThat(finding(PaperReview.DRIFT).toString()).contains("equity={drifted=false", "trades={drifted=false");
    }

    @Test
    void nothing_is_compared_before_a_day_of_bars() throws Exception {
        Recording recording = recording(LENIENT);
        List<Line> lines = accounts.play(deployment);
        trade(recording, lines.subList(0, 24), 1);
        assertThat(finding(PaperReview.DRIFT)).isEmpty();
        trade(recording, lines.subList(24, 25), 1);
        assertThat(finding(PaperReview.DRIFT)).containsEntry("bars", 24L);
    }

    @Test
    void the_band_is_kept_to_be_drawn_and_reaches_to_the_next_look() throws Exception {
        trade(recording(LENIENT), accounts.play(deployment).subList(0, 27), 1);

        Map<?, ?> band = (Map<?, ?>) finding(PaperReview.DRIFT).get(PaperReview.BAND);
        Map<?, ?> equity = (Map<?, ?>) finding(PaperReview.DRIFT).get("equity");
        List<?> bars = (List<?>) band.get("bars");
        int look = bars.indexOf(24L);
        assertThat(bars.get(0)).isEqualTo(0L);
        assertThat(bars.get(bars.size() - 1)).isEqualTo(30L);
        assertThat((Double) ((List<?>) band.get("low")).get(look)).isCloseTo((Double) equity.get("low"), within(1e-6));
        assertThat((Double) ((List<?>) band.get("high")).get(look))
                .isCloseTo((Double) equity.get("high"), within(1e-6));
    }

    @Test
    void doubled_fees_drift_and_are_said_once() throws Exception {
        Recording recording = recording(LENIENT);
        TradingRules dear = TradingRules.ORIGINAL.with(rules -> rules.feeRate(2 * TradingRules.ORIGINAL.feeRate()));
        trade(recording, accounts.play(deployment, dear, action -> action), 40);
        assertThat(events(EventType.DEPLOYMENT_DRIFTED)).hasSize(1);
        assertThat(events(EventType.DEPLOYMENT_DRIFTED).get(0).message())
                .contains("PAPER", "paid 0.5000 % of what it traded in fees; the rules say 0.2500 %");
        assertThat(finding(PaperReview.DRIFT)).containsEntry("drifted", true);
        assertThat(finding(PaperReview.DRIFT).get("since")).isNotNull();
        Object since = finding(PaperReview.DRIFT).get("since");

        settle(recording(LENIENT));
        assertThat(events(EventType.DEPLOYMENT_DRIFTED)).hasSize(1);
        assertThat(finding(PaperReview.DRIFT)).containsEntry("since", since);
    }

    @Test
    void a_policy_turned_around_drifts() throws Exception {
        List<Line> lines = accounts.play(deployment, TradingRules.ORIGINAL, action -> {
            float[] turned = action.clone();
            for (int i = 0; i < turned.length; i++) {
                turned[i] = -turned[i];
            }
            return turned;
        });
        accounts.append(deployment.id(), lines, HOUR);
        settle(recording(LENIENT));
        assertThat(events(EventType.DEPLOYMENT_DRIFTED)).hasSize(1);
        assertThat(PaperReview.driftOf(
                        deployment, accounts.home.store.read((StoreReader tx) -> tx.findings(deployment.trialId()))))
                .isPresent();
    }

    @Test
    void when_it_looked_does_not_matter() throws Exception {
        TradingRules dear = TradingRules.ORIGINAL.with(rules -> rules.feeRate(2 * TradingRules.ORIGINAL.feeRate()));
        List<Line> lines = accounts.play(deployment, dear, action -> action);
        accounts.append(deployment.id(), lines.subList(0, 200), HOUR);
        settle(recording(LENIENT));
        Map<String, @Nullable Object> once = finding(PaperReview.DRIFT);

        begin(directory.resolve("other"));
        trade(recording(LENIENT), lines.subList(0, 200), 3);
        assertThat(finding(PaperReview.DRIFT).get("equity")).isEqualTo(once.get("equity"));
        assertThat(finding(PaperReview.DRIFT).get("trades")).isEqualTo(once.get("trades"));
    }

    @Test
    void a_record_is_proven_once_and_withdrawn_when_a_stop_trips() throws Exception {
        Recording recording = recording(LENIENT);
        trade(recording, accounts.play(deployment), 40);
        assertThat(events(EventType.DEPLOYMENT_PROVEN)).hasSize(1);
        assertThat(finding(PaperReview.PROVEN)).containsEntry("proven", true);

        List<Line> more = accounts.play(deployment);
        Map<String, @Nullable Object> stopped =
                new LinkedHashMap<>(more.get(more.size() - 1).fields());
        stopped.put("risk", Map.of("daily_stop", "the daily loss stop of 10 % was reached"));
        accounts.append(deployment.id(), List.of(new Line("bar", stopped), new Line("bar", stopped)), HOUR);
        settle(recording);
        assertThat(events(EventType.DEPLOYMENT_PROVEN)).hasSize(2);
        assertThat(events(EventType.DEPLOYMENT_PROVEN).get(0).message())
                .contains("is no longer proven: stops tripped 1.000, must be <= 0");
    }

    @Test
    void every_threshold_is_shown_with_its_value() throws Exception {
        accounts.append(deployment.id(), accounts.play(deployment), Duration.ofSeconds(1));
        settle(recording(ProvenSettings.DEFAULT));
        Map<String, @Nullable Object> proven = finding(PaperReview.PROVEN);
        assertThat(proven).containsEntry("proven", false);
        assertThat((List<?>) proven.get("gates")).hasSize(6);
        // replayed in minutes: not a record of days
        assertThat(proven.get("words")).asString().contains("days 0.0").contains("must be >= 7");
    }
}
