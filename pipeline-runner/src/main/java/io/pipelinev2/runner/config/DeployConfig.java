package io.pipelinev2.runner.config;

import io.pipelinev2.deploy.ranking.RankBy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is the deploy stage's own: in the block {@code stages.deploy}.
 *
 * @param autoRestart whether a trader that ended by itself is started again
 * @param maxDeployed how many trials trade at a time
 * @param rankBy the backtest metric that decides which, or {@code value} for Optuna's objective
 * @param margin by how much a trial must be better to take another's place
 * @param minTenure how long a deployed trial keeps its place at least
 * @param maxPerHour how many new deployments may be begun within any hour; 0 for as many as there are slots
 * @param startSeconds how long a trader must live to count as started
 * @param stopGrace how long a trader may take to stop before it is killed
 * @param restarts how many restarts within the window are no crash loop yet
 * @param window the time over which restarts are counted
 * @param pace real time per replayed bar, for the bundled paper trader
 * @param hungAfter how long the trading loop of the bundled paper trader may make no progress before it is replaced
 * @param secrets files that a trader gets copies of, by name; relative ones begin at the home
 * @param feed where the bundled paper trader gets its bars from
 * @param risk what stops the bundled paper trader by itself
 * @param command what is run for each deployment, without a shell; empty for the bundled paper trader
 * @param drift when paper results count as drifted from the backtest
 * @param proven what a paper record must show to count as proven
 * @param rankPaperAfter after how long a deployed trial is ranked by its paper record; never if empty
 */
public record DeployConfig(
        boolean autoRestart,
        int maxDeployed,
        String rankBy,
        double margin,
        Duration minTenure,
        int maxPerHour,
        Duration startSeconds,
        Duration stopGrace,
        int restarts,
        Duration window,
        Duration pace,
        Duration hungAfter,
        Map<String, String> secrets,
        FeedConfig feed,
        RiskConfig risk,
        Optional<List<String>> command,
        DriftConfig drift,
        ProvenConfig proven,
        Optional<Duration> rankPaperAfter) {

    private static final Rule<Integer> MAX_DEPLOYED = Rule.between(0, 1000);
    private static final Rule<Double> MARGIN = new Rule<>(value -> value >= 0, "at least 0");
    private static final Rule<Integer> RESTARTS = Rule.between(0, 1_000_000);
    private static final Rule<Duration> PAPER_AGE = Rule.atLeast(Duration.ofSeconds(1));
    // A pause of a JVM, or one bar on a loaded machine, may take seconds and is no reason to kill a trader.
    private static final Rule<Duration> HUNG_AFTER = Rule.atLeast(Duration.ofSeconds(30));
    private static final Rule<Duration> WINDOW = Rule.atLeast(Duration.ofSeconds(1));

    public DeployConfig {
        MAX_DEPLOYED.require("max_deployed", maxDeployed);
        RankingMetric.NAME.require("rank_by", rankBy);
        MARGIN.require("margin", margin);
        Rule.NOT_NEGATIVE.require("min_tenure", minTenure);
        MAX_DEPLOYED.require("max_per_hour", maxPerHour);
        Rule.NOT_NEGATIVE.require("start_seconds", startSeconds);
        Rule.NOT_NEGATIVE.require("stop_grace", stopGrace);
        RESTARTS.require("restarts", restarts);
        WINDOW.require("window", window);
        Rule.NOT_NEGATIVE.require("pace", pace);
        rankPaperAfter.ifPresent(age -> PAPER_AGE.require("rank_paper_after", age));
        HUNG_AFTER.require("hung_after", hungAfter);
        Secrets.require(secrets);
        secrets = Map.copyOf(secrets);
        command = command.map(List::copyOf);
        command.ifPresent(words -> TraderCommand.WORDS.require("command", words));
    }

    /** @param home where relative paths begin */
    static DeployConfig read(Options options, Path home) {
        return new DeployConfig(
                options.flag("auto_restart", true, Rule.EITHER),
                options.integer("max_deployed", 3, MAX_DEPLOYED),
                RankingMetric.read(options, "rank_by"),
                options.number("margin", 0, MARGIN) + 0.0,
                options.duration("min_tenure", Duration.ZERO, Rule.NOT_NEGATIVE),
                options.integer("max_per_hour", 0, MAX_DEPLOYED),
                options.duration("start_seconds", Duration.ofSeconds(3), Rule.NOT_NEGATIVE),
                options.duration("stop_grace", Duration.ofSeconds(10), Rule.NOT_NEGATIVE),
                options.integer("restarts", 5, RESTARTS),
                options.duration("window", Duration.ofMinutes(30), WINDOW),
                options.duration("pace", Duration.ofSeconds(1), Rule.NOT_NEGATIVE),
                options.duration("hung_after", Duration.ofSeconds(60), HUNG_AFTER),
                Secrets.read(options, "secrets"),
                FeedConfig.read(options, home),
                RiskConfig.read(options.section("risk")),
                TraderCommand.read(options, "command"),
                DriftConfig.read(options.section("drift")),
                ProvenConfig.read(options.section("proven")),
                options.optional("rank_paper_after", Kind.DURATION, PAPER_AGE));
    }

    /** What trials are ranked by. */
    public RankBy ranking() {
        return new RankBy(rankBy, rankPaperAfter.orElse(null));
    }
}
