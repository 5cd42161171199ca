package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.Lots;
import io.pipelinev2.backtest.environment.TradingRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineConfigTest {

    private static final String CONTRACT = """
        {
          "database": "pipeline_v2.db",
          "optuna":  { "storage": "sqlite:///databases/optuna.db", "studies": ["*"] },
          "models":  { "directory": "train_results/cwd_tests/trial_{number}_1h", "grace": "0s" },
          "data":    { "directory": "data/1h_1680", "periods_per_year": 8760,
                     "time_zone": null, "assets": [], "trained_until": null, "sealed": 0 },
          "environment": {
            "preset": "original",
            "initial_capital": 500, "fee_rate": 0.0025, "slippage_bps": 0, "fills": "same-bar",
            "lots": { "AAVE": 0.005, "AVAX": 0.03, "BTC": 0.00001, "LINK": 0.1, "ETH": 0.0003, "LTC": 0.01, "UNI": 0.15 },
            "lot_factor": 1.1, "buy_safety": 0.99, "min_cash_reserve": 0.1, "action_limit": 1000,
            "trailing_stop": 0, "max_position": 0, "forced_sale_fraction": 0.05, "forced_sale_after": 48, "max_steps": 10000
          },
          "order":   ["backtest", "cge_stress", "deploy"],
          "stages": {
            "backtest":   { "enabled": true,  "max_attempts": 3, "timeout_seconds": 60, "workers": 0, "gates": "v2-basic",
                "overfit": { "mode": "advise", "dsr": 0.95, "pbo": 0.2 } },
            "cge_stress": { "enabled": false, "max_attempts": 2, "timeout_seconds": 300, "scenarios": 200, "seed": 1 },
            "deploy":     { "enabled": true,  "max_attempts": 1, "auto_restart": true, "max_deployed": 3, "rank_by": "sharpe",
                            "margin": 0, "min_tenure": "0s", "max_per_hour": 0, "start_seconds": 3, "stop_grace": "10s", "restarts": 5, "window": "30m", "pace": "1s",
                            "hung_after": "60s", "secrets": {},
                            "feed": { "type": "replay" },
                            "risk": { "daily_loss": 0, "drawdown": 0, "on_breach": "entries-only", "orders_per_day": 0, "turnover_per_day": 0, "order_share": 0 },
                            "drift": { "enabled": true, "min_bars": 24, "coverage": 0.98, "samples": 1000, "trades_ratio": 2, "fee_tolerance": 0.01 },
                            "proven": { "days": 7, "win_rate": 0.8, "sharpe": 0.5, "max_drawdown": 0.15, "alpha": 0 },
                            "rank_paper_after": null }
          },
          "retry":   { "delays": [5, 30, 300], "jitter": 0 },
          "breaker": { "trials": 5, "pause": "30s", "max_pause": "10m" },
          "daemon":  { "check_interval": 300, "health_check_interval": 60, "workers": 2, "lease": "60s", "cancel_grace": "5s" },
          "http":    { "host": "127.0.0.1", "port": 8080, "token_file": null, "read_only": false },
          "logs":    { "directory": "logs", "max_file": "10MB", "max_total": "1GB" },
          "retention": "90d",
          "disk":    { "warn": "1GB", "stop": "200MB" },
          "alerts":  []
        }
        """;

    private static final String ORIGINAL = """
        {
          "stages": {
            "backtest": { "enabled": true, "max_attempts": 3, "timeout": 60 },
            "cge_stress": { "enabled": false, "max_attempts": 2, "timeout": 300 },
            "deploy": { "enabled": true, "max_attempts": 1, "auto_restart": true }
          },
          "daemon": { "check_interval": 300, "health_check_interval": 60 },
          "retry": { "delays": [5, 30, 300] }
        }
        """;

    @TempDir
    private Path directory;

    @Test
    void the_full_example_of_the_contract_is_exactly_the_defaults() {
        Home home = new Home(directory);

        PipelineConfig full = home.load(CONTRACT);
        PipelineConfig least = home.load("{ \"optuna\": { \"storage\": \"sqlite:///databases/optuna.db\" } }");

        assertThat(least).isEqualTo(full);
    }

    @Test
    void the_defaults_are_those_of_the_contract() {
        PipelineConfig config = new Home(directory).load(CONTRACT);

        assertThat(config.home()).isEqualTo(directory);
        assertThat(config.file()).isEqualTo(directory.resolve("pipeline.json"));
        assertThat(config.state()).isEqualTo(directory.resolve("state"));
        assertThat(config.database()).isEqualTo(new DatabaseLocation.SqliteFile(directory.resolve("pipeline_v2.db")));
        assertThat(config.optuna()).isEqualTo(new OptunaConfig("sqlite:///databases/optuna.db", List.of("*")));
        assertThat(config.models())
                .isEqualTo(new ModelsConfig("train_results/cwd_tests/trial_{number}_1h", Duration.ZERO));
        assertThat(config.data()).isEqualTo(new DataConfig(directory.resolve("data/1h_1680"), 8760));
        assertThat(config.environment()).isEqualTo(new EnvironmentConfig(TradingRules.ORIGINAL));
        assertThat(config.order()).containsExactly("backtest", "cge_stress", "deploy");
        assertThat(config.stage("backtest")).isEqualTo(new StageConfig(true, 3, Duration.ofSeconds(60)));
        assertThat(config.stage("cge_stress")).isEqualTo(new StageConfig(false, 2, Duration.ofSeconds(300)));
        assertThat(config.stage("deploy")).isEqualTo(new StageConfig(true, 1, Duration.ofSeconds(60)));
        assertThat(config.backtest())
                .isEqualTo(new BacktestConfig(
                        new GatesConfig("v2-basic", List.of()), new OverfitConfig("advise", 0.95, 0.2), true));
        assertThat(config.cgeStress()).isEqualTo(new CgeStressConfig(200, 1));
        assertThat(config.deploy())
                .isEqualTo(new DeployConfig(
                        true,
                        3,
                        "sharpe",
                        0,
                        Duration.ZERO,
                        0,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        5,
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        Map.of(),
                        FeedConfig.REPLAY,
                        new RiskConfig(0, 0, "entries-only", 0, 0, 0),
                        Optional.empty(),
                        new DriftConfig(true, 24, 0.98, 1_000, 2, 0.01),
                        new ProvenConfig(7, 0.8, 0.5, 0.15, 0),
                        Optional.empty()));
        assertThat(config.retry().delays())
                .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
        assertThat(config.retry().jitter()).isZero();
        assertThat(config.breaker()).isEqualTo(new BreakerConfig(5, Duration.ofSeconds(30), Duration.ofMinutes(10)));
        assertThat(config.stages().values())
                .allSatisfy(stage -> assertThat(stage.workers()).isZero())
                .allSatisfy(stage -> assertThat(stage.retryJitter()).isEmpty());
        assertThat(config.daemon())
                .isEqualTo(new DaemonConfig(
                        Duration.ofMinutes(5), Duration.ofMinutes(1), 2, Duration.ofMinutes(1), Duration.ofSeconds(5)));
        assertThat(config.http())
                .isEqualTo(new HttpConfig("127.0.0.1", 8080, Optional.empty(), Optional.empty(), false, List.of()));
        assertThat(config.logs()).isEqualTo(new LogsConfig(directory.resolve("logs"), 10_000_000, 1_000_000_000));
        assertThat(config.retention()).isEqualTo(Duration.ofDays(90));
        assertThat(config.alerts()).isEmpty();
    }

    @Test
    void any_rule_of_the_market_overrides_that_of_the_preset() {
        TradingRules rules = new Home(directory).loadWith("""
            "environment": {
              "preset": "original", "fills": "next-bar", "slippage_bps": 5.5, "max_position": 0.3,
              "forced_sale_after": 24, "lots": { "ETH": 0.001, "BTC": 0.0001 }
            }
            """).environment().rules();

        assertThat(rules)
                .isEqualTo(TradingRules.ORIGINAL.with(original -> original.fills(Fills.NEXT_BAR)
                        .slippageBps(5.5)
                        .maxPosition(0.3)
                        .forcedSaleAfter(24)
                        .lots(new Lots(List.of(0.001, 0.0001), List.of("ETH", "BTC")))));
    }

    @Test
    void lots_may_be_listed_by_column_with_names_or_without() {
        Home home = new Home(directory);

        assertThat(home.loadWith("\"environment\": { \"lots\": [1, 0.5] }")
                        .environment()
                        .rules()
                        .lots())
                .isEqualTo(Lots.of(List.of(1.0, 0.5)));
        assertThat(home.loadWith("\"environment\": { \"lots\": [1, 0.5], \"assets\": [\"ETH\", \"BTC\"] }")
                        .environment()
                        .rules()
                        .lots())
                .isEqualTo(new Lots(List.of(1.0, 0.5), List.of("ETH", "BTC")));
    }

    @Test
    void the_originals_file_is_accepted_as_it_is_with_a_storage_and_a_home_from_outside() {
        Home elsewhere = new Home(directory);
        Path file = elsewhere.write("pipeline_v2_config.json", ORIGINAL);
        Path home = directory.resolve("home");

        PipelineConfig config =
                elsewhere.loader(Map.of("OPTUNA_DB", "databases/optuna.db")).load(file, home);

        assertThat(config.home()).isEqualTo(home);
        assertThat(config.optuna().storage())
                .isEqualTo(directory.resolve("databases/optuna.db").toString());
        assertThat(config.database()).isEqualTo(new DatabaseLocation.SqliteFile(home.resolve("pipeline_v2.db")));
        assertThat(config.stage("cge_stress").timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.order()).containsExactly("backtest", "cge_stress", "deploy");
    }

    @Test
    void secrets_are_files_by_name() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"stages\": { \"deploy\": { \"secrets\": { \"api-key\": \"keys/alpaca\" } } }");

        assertThat(config.deploy().secrets()).isEqualTo(Map.of("api-key", "keys/alpaca"));
        assertThatThrownBy(() -> new Home(directory)
                        .loadWith("\"stages\": { \"deploy\": { \"secrets\": { \"../key\": \"keys/alpaca\" } } }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be named with letters");
    }

    @Test
    void a_stage_may_have_its_own_retry_delays() {
        PipelineConfig config = new Home(directory)
                .loadWith(
                        "\"stages\": { \"backtest\": { \"retry_delays\": [1, \"2m\"] } }, \"retry\": { \"delays\": [7]"
                                + " }");

        assertThat(config.retryDelays("backtest")).containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(2));
        assertThat(config.retryDelays("deploy")).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void a_stage_may_have_its_own_retry_jitter() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"stages\": { \"backtest\": { \"retry_jitter\": 0 } }, \"retry\": { \"jitter\": 0.25 }");

        assertThat(config.retryJitter("backtest"))
                .as("none, although all others have some")
                .isZero();
        assertThat(config.retryJitter("deploy")).isEqualTo(0.25);
    }

    @Test
    void limits_and_pauses_are_taken_as_they_are_written() {
        PipelineConfig config = new Home(directory).loadWith("""
            "breaker": { "trials": 7, "pause": "1m", "max_pause": "1h" },
            "daemon": { "cancel_grace": "250ms" },
            "stages": { "backtest": { "workers": 4 }, "deploy": { "max_per_hour": 2 } }
            """);

        assertThat(config.breaker()).isEqualTo(new BreakerConfig(7, Duration.ofMinutes(1), Duration.ofHours(1)));
        assertThat(config.daemon().cancelGrace()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.stage("backtest").workers()).isEqualTo(4);
        assertThat(config.stage("deploy").workers()).isZero();
        assertThat(config.deploy().maxPerHour()).isEqualTo(2);
    }

    @Test
    void a_first_pause_that_is_longer_than_the_longest_by_default_is_the_longest() {
        PipelineConfig config = new Home(directory).loadWith("\"breaker\": { \"pause\": \"1h\" }");

        assertThat(config.breaker().maxPause()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void the_state_may_be_in_postgresql_whose_password_is_not_shown() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"database\": \"jdbc:postgresql://db/pipeline?user=me&password=hunter2\"");

        assertThat(config.database())
                .isEqualTo(new DatabaseLocation.PostgresUrl("jdbc:postgresql://db/pipeline?user=me&password=hunter2"));
        assertThat(config.toString()).contains("jdbc:postgresql://db/pipeline").doesNotContain("hunter2");
    }

    @Test
    void the_password_of_the_trials_storage_is_not_shown() {
        PipelineConfig config =
                new Home(directory).load("{ \"optuna\": { \"storage\": \"postgresql://me:hunter2@db/optuna\" } }");

        assertThat(config.optuna().storage()).contains("hunter2");
        assertThat(config.toString()).contains("postgresql://***@db/optuna").doesNotContain("hunter2");
    }

    @Test
    void a_command_is_taken_word_by_word() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"stages\": { \"deploy\": { \"command\": [\"sh\", \"-c\", \"echo {number} {other}\"] } }");

        assertThat(config.deploy().command()).contains(List.of("sh", "-c", "echo {number} {other}"));
    }

    @Test
    void a_key_that_may_be_left_out_may_be_null() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"stages\": { \"deploy\": { \"command\": null, \"retry_delays\": null } }");

        assertThat(config.deploy().command()).isEmpty();
        assertThat(config.stage("deploy").retryDelays()).isEmpty();
    }

    @Test
    void market_data_may_be_told_what_its_files_do_not_say() {
        DataConfig data = new Home(directory)
                .loadWith("\"data\": { \"time_zone\": \"Europe/Berlin\", \"assets\": [\"BTC\", \"ETH\"],"
                        + " \"trained_until\": \"2024-06-30\" }")
                .data();

        assertThat(data.timeZone()).contains(ZoneId.of("Europe/Berlin"));
        assertThat(data.assets()).containsExactly("BTC", "ETH");
        assertThat(data.trainedUntil()).contains(Instant.parse("2024-06-30T23:59:59.999Z"));
        assertThat(new Home(directory)
                        .loadWith("\"data\": { \"trained_until\": \"2024-06-30T17:00:00Z\" }")
                        .data()
                        .trainedUntil())
                .contains(Instant.parse("2024-06-30T17:00:00Z"));
    }

    @Test
    void what_is_no_zone_or_day_or_names_an_asset_twice_is_refused() {
        assertThatThrownBy(() -> new Home(directory)
                        .loadWith("\"data\": { \"time_zone\": \"Mars\", \"assets\": [\"BTC\", \"BTC\"],"
                                + " \"trained_until\": \"30.6.2024\" }"))
                .hasMessageContaining("data.time_zone was 'Mars' but must be a time zone")
                .hasMessageContaining("data.assets was")
                .hasMessageContaining("every asset is named once")
                .hasMessageContaining("data.trained_until was '30.6.2024' but must be a day");
    }

    @Test
    void absolute_paths_stay() {
        PipelineConfig config = new Home(directory)
                .loadWith("\"data\": { \"directory\": \"/data\" }, \"logs\": { \"directory\": \"/var/log/pipeline\" }");

        assertThat(config.data().directory()).isEqualTo(Path.of("/data"));
        assertThat(config.logs().directory()).isEqualTo(Path.of("/var/log/pipeline"));
    }

    @Test
    void comments_are_allowed() {
        PipelineConfig config =
                new Home(directory).load("// mine\n{ /* where */ \"optuna\": { \"storage\": \"trials.log\" } }");

        assertThat(config.optuna().storage()).isEqualTo("trials.log");
    }

    @Test
    void records_refuse_what_the_file_could_not_say() {
        assertThatThrownBy(() -> new DaemonConfig(
                        Duration.ofMinutes(5), Duration.ofMinutes(1), 0, Duration.ofMinutes(1), Duration.ofSeconds(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workers was 0 but must be from 1 to 256");
        assertThatThrownBy(() -> new StageConfig(true, 0, Duration.ofMinutes(1)))
                .hasMessage("max_attempts was 0 but must be at least 1");
        assertThatThrownBy(() -> new BreakerConfig(5, Duration.ofMinutes(1), Duration.ofSeconds(59)))
                .hasMessage("max_pause was PT59S but must be at least breaker.pause, which is 1m");
        assertThatThrownBy(() -> new RetryConfig(List.of(Duration.ZERO), 1))
                .hasMessage("jitter was 1.0 but must be at least 0 and below 1");
        assertThatThrownBy(() -> new StageConfig(true, 1, Duration.ofMinutes(1), Optional.empty(), Optional.of(1.0), 0))
                .hasMessage("retry_jitter was 1.0 but must be at least 0 and below 1");
        assertThatThrownBy(
                        () -> new StageConfig(true, 1, Duration.ofMinutes(1), Optional.empty(), Optional.empty(), -1))
                .hasMessage("workers was -1 but must be from 0 to 256");
    }

    @Test
    void asking_for_a_stage_that_is_none_is_an_error() {
        PipelineConfig config = new Home(directory).load(CONTRACT);

        assertThatThrownBy(() -> config.stage("montecarlo")).hasMessageContaining("There is no stage 'montecarlo'");
    }

    @Test
    void stages_of_the_users_own_have_a_block_and_a_place() {
        PipelineConfig config = new Home(directory).loadWith("""
            "order": ["sector", "backtest", "liquidity", "deploy"],
            "stages": {
              "liquidity": { "type": "liquidity-check", "max_attempts": 5,
                             "settings": { "limit": 3, "share": 0.5, "list": [true, null, { "a": "b" }] } },
              "sector": { "command": ["python3", "sector.py", "{trial_json}"], "timeout_seconds": 5 },
              "backtest": { "type": "mine" }
            }
            """);

        assertThat(config.order()).containsExactly("sector", "backtest", "liquidity", "deploy");
        assertThat(config.userStages().keySet()).containsExactlyInAnyOrder("backtest", "liquidity", "sector");
        UserStage liquidity = config.userStages().get("liquidity");
        assertThat(liquidity.type()).isEqualTo("liquidity-check");
        assertThat(liquidity.settings())
                .hasToString("{limit=3, share=0.5, list=[true, null, {a=b}]}")
                .containsEntry("limit", 3L);
        assertThat(config.stage("liquidity")).isEqualTo(new StageConfig(true, 5, Duration.ofMinutes(1)));
        assertThat(config.userStages().get("sector"))
                .isEqualTo(new UserStage(
                        "sector", Optional.of(List.of("python3", "sector.py", "{trial_json}")), "sector", Map.of()));
        BacktestConfig usual = BacktestConfig.read(Options.none());
        assertThat(config.backtest()).isEqualTo(new BacktestConfig(usual.gates(), usual.overfit(), false));
    }
}
