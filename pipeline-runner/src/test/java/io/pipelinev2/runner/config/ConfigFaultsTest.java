package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFaultsTest {

    @TempDir
    private Path directory;

    private Home home;

    @BeforeEach
    void setUp() {
        home = new Home(directory);
    }

    @Test
    void all_faults_are_told_at_once_each_with_its_line() {
        assertThat(home.faultsOf("""
            {
              "optuna": { "storage": 7, "studies": [] },
              "stages": {
                "backtest": {
                  "max_attempts": -1,
                  "timeout_second": 60
                }
              },
              "http": {
                "port": 70000
              },
              "daemon": "fast"
            }
            """))
                .containsExactly(
                        "pipeline.json:2: optuna.storage was 7 but must be text in quotes",
                        "pipeline.json:2: optuna.studies was an empty list but must be a list of at least one, each"
                                + " some text",
                        "pipeline.json:5: stages.backtest.max_attempts was -1 but must be at least 1",
                        "pipeline.json:6: stages.backtest.timeout_second is not known; did you mean 'timeout_seconds'?",
                        "pipeline.json:10: http.port was 70000 but must be from 0 to 65535",
                        "pipeline.json:12: daemon was 'fast' but must be an object { … }");
    }

    @Test
    void a_trader_is_not_taken_for_hung_within_the_pauses_that_a_loaded_machine_makes() {
        assertThat(home.faultsWith("\"stages\": { \"deploy\": { \"hung_after\": \"29s\" } }"))
                .containsExactly("pipeline.json:1: stages.deploy.hung_after was '29s' but must be at least 30s");
        assertThat(home.loadWith("\"stages\": { \"deploy\": { \"hung_after\": \"30s\" } }")
                        .deploy()
                        .hungAfter())
                .hasSeconds(30);
    }

    @Test
    void the_message_counts_the_faults_and_lists_them() {
        assertThatThrownBy(() -> home.load("{ \"x\": 1,\n\"y\": 2 }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("The configuration has 3 faults:\n  pipeline.json:1: x is not known")
                .hasMessageContaining("\n  pipeline.json:2: y is not known")
                .hasMessageContaining("\n  pipeline.json: optuna.storage is missing");
        assertThatThrownBy(() -> home.load("{ }"))
                .hasMessageStartingWith("The configuration has a fault:\n  pipeline.json: ");
    }

    @Test
    void a_missing_storage_says_what_to_write() {
        assertThat(home.faultsOf("{ }"))
                .singleElement()
                .asString()
                .contains("optuna.storage is missing and has no default")
                .contains("sqlite:///")
                .contains("OPTUNA_DB");
    }

    @Test
    void malformed_json_is_told_with_line_and_column() {
        assertThat(home.faultsOf("{\n  \"database\": \"x\"\n  \"http\": {}\n}"))
                .singleElement()
                .asString()
                .startsWith("pipeline.json:3: not JSON at column 3: ");
        assertThat(home.faultsOf("{\n\"a\": ")).singleElement().asString().contains("not JSON");
        assertThat(home.faultsOf("[".repeat(10_000))).singleElement().asString().contains("one JSON object");
        assertThat(home.faultsOf("{\"a\":" + "[".repeat(10_000)))
                .singleElement()
                .asString()
                .contains("not JSON");
        assertThat(home.faultsOf("")).singleElement().asString().contains("the file is empty");
        assertThat(home.faultsOf("{" + Home.STORAGE + "}\n{}"))
                .containsExactly("pipeline.json:2: there is something after the closing brace of the file's object");
    }

    @Test
    void a_key_set_twice_is_a_fault() {
        assertThat(home.faultsWith("\"http\": { \"port\": 1,\n \"port\": 2 }"))
                .containsExactly("pipeline.json:2: http.port is set twice, first on line 1: keep one");
    }

    @Test
    void an_unknown_key_far_from_all_others_lists_those() {
        assertThat(home.faultsWith("\"retry\": { \"wibble\": 1 }"))
                .containsExactly("pipeline.json:1: retry.wibble is not known; known are: delays, jitter");
    }

    @ParameterizedTest
    @CsvSource({
        "worker, workers",
        "retry_jiter, retry_jitter",
        "maxAttempts, max_attempts",
        "max-attempts, max_attempts",
        "gate, gates",
        "enabeld, enabled"
    })
    void a_mistyped_key_is_recognized(String typed, String meant) {
        assertThat(home.faultsWith("\"stages\": { \"backtest\": { \"%s\": 1 } }".formatted(typed)))
                .singleElement()
                .asString()
                .endsWith("did you mean '%s'?".formatted(meant));
    }

    @Test
    void deployments_an_hour_are_a_key_of_the_deploy_stage_alone() {
        assertThat(home.faultsWith("\"stages\": { \"backtest\": { \"max_per_hour\": 1 } }"))
                .singleElement()
                .asString()
                .startsWith("pipeline.json:1: stages.backtest.max_per_hour is not known");
        assertThat(home.faultsWith("\"breaker\": { \"trails\": 1, \"maxpause\": 1 }"))
                .containsExactly(
                        "pipeline.json:1: breaker.trails is not known; did you mean 'trials'?",
                        "pipeline.json:1: breaker.maxpause is not known; did you mean 'max_pause'?");
    }

    @Test
    void each_stage_checks_its_own_block() {
        assertThat(home.faultsWith("\"stages\": { \"backtest\": { \"seed\": 1 }, \"cge_stress\": { \"seed\": 1 } }"))
                .singleElement()
                .asString()
                .startsWith("pipeline.json:1: stages.backtest.seed is not known; known are: ");
    }

    @Test
    void the_order_names_stages_that_are_built_in_or_have_a_block() {
        assertThat(home.faultsWith("\"stages\": { \"montecarlo\": {} },\n"
                        + "\"order\": [\"montecarlo\", \"sector\",\n"
                        + "\"back_test\", \"deploy\"]"))
                .containsExactly(
                        "pipeline.json:2: order[1] was 'sector' but must be the name of a built-in stage, or of one"
                                + " that has its block in stages; known are: backtest, cge_stress, montecarlo, deploy",
                        "pipeline.json:2: order was a list but must be one that has the enabled stage 'backtest': add"
                                + " it, or set stages.backtest.enabled to false",
                        "pipeline.json:3: order[2] was 'back_test' but must be the name of a built-in stage, or of one"
                                + " that has its block in stages; did you mean 'backtest'?");
    }

    @Test
    void a_mistyped_block_of_a_built_in_stage_is_recognized() {
        assertThat(home.faultsWith("\"stages\": { \"back_test\": { \"gates\": \"strict\" } }"))
                .singleElement()
                .asString()
                .startsWith("pipeline.json:1: stages.back_test is not known; did you mean 'backtest'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Liquidity': {}                              | stages.Liquidity is no name for a stage, which must be"
                        + " a lower-case letter",
                "'a b': {}                                    | stages.a b is no name for a stage",
                "'x': { 'comand': ['a'] }                     | stages.x.comand is not known; did you mean 'command'?",
                "'x': { 'gates': 'strict' }                   | stages.x.gates is not known; known are: ",
                "'x': { 'type': 'Liquidity' }                 | stages.x.type was 'Liquidity' but must be a lower-case"
                        + " letter",
                "'x': { 'type': 'a', 'command': ['a'] }       | stages.x.type was 'a' but must be left out where there"
                        + " is a command",
                "'x': { 'command': 'python3 check.py' }       | stages.x.command was 'python3 check.py' but must be a"
                        + " list",
                "'x': { 'command': [] }                       | stages.x.command was an empty list but must be a list"
                        + " of the program",
                "'x': { 'command': ['a', 7] }                 | stages.x.command was a list but must be a list of"
                        + " which each is text",
                "'x': { 'command': ['-c'] }                   | stages.x.command[0] was '-c' but must be the program"
                        + " to run",
                "'x': { 'command': ['{study}'] }              | stages.x.command[0] was '{study}' but must be the"
                        + " program to run",
                "'x': { 'command': ['a', '{modeldir}'] }      | stages.x.command[1] was '{modeldir}' but must be made"
                        + " with {model_dir} {number} {study} {trial_json}; for '{modeldir}', did you mean 'model_dir'?",
                "'x': { 'settings': [] }                      | stages.x.settings was an empty list but must be an"
                        + " object",
                "'x': { 'settings': { 'a': 1e999 } }          | stages.x.settings was an object but must be an object"
                        + " whose numbers a double can hold, unlike 1e999",
                "'x': { 'settings': { 'a': 99999999999999999999 } } | stages.x.settings was an object but must be an"
                        + " object whose whole numbers have at most 64 bits",
                "'x': { 'timeout_seconds': 0 }                | stages.x.timeout_seconds was 0 but must be at least",
                "'x': { 'max_attempts': 0 }                   | stages.x.max_attempts was 0 but must be at least 1",
                "'x': {}, 'backtest': { 'command': ['a'], 'gates': 'strickt' } | stages.backtest.gates was 'strickt'"
                        + " but must be one of: ",
                "'x': {}, 'backtest': { 'command': ['a'], 'gatez': 'strict' } | stages.backtest.gatez is not known;"
                        + " did you mean 'gates'?",
                "'x': {}, 'cge_stress': { 'command': ['a'], 'seed': 1 } | stages.cge_stress.seed is not known where a"
                        + " stage of your own replaces the built-in one",
                "'x': {}, 'deploy': { 'type': 'mine' }        | stages.deploy.type is not known",
            })
    void a_stage_of_the_users_own_is_checked(String stages, String fault) {
        assertThat(home.faultsWith("'order': ['backtest', 'x', 'Liquidity', 'a b', 'deploy'], 'stages': { %s }"
                        .formatted(stages)
                        .replace('\'', '"')))
                .filteredOn(each -> !each.contains("order["))
                .anySatisfy(each -> assertThat(each).contains(fault));
    }

    @Test
    void trials_come_from_optuna_or_from_a_source() {
        assertThat(home.faultsOf("{ \"source\": { \"type\": \"mlflow\", \"settings\": { \"run\": 1 } } }"))
                .isEmpty();
        assertThat(home.faultsWith("\"source\": { \"typ\": \"mlflow\" }"))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault).contains("source.typ is not known; did you mean 'type'?"),
                        fault -> assertThat(fault).contains("source.type is missing and has no default"),
                        fault -> assertThat(fault)
                                .contains("optuna was an object but must be left out where there is a source"));
        assertThat(home.faultsOf("{ \"source\": { \"command\": [\"sh\", \"t.sh\"], \"storage\": \"mine\" } }"))
                .isEmpty();
        assertThat(home.faultsOf(
                        "{ \"source\": { \"command\": [\"sh\", \"{number}\"], \"type\": \"a\", \"storage\": \" \" } }"))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault)
                                .contains("source.command[1] was '{number}' but must be made without words in braces"),
                        fault -> assertThat(fault).contains("source.type was 'a' but must be left out"),
                        fault -> assertThat(fault).contains("source.storage was ' ' but must be some text"));
        assertThat(home.faultsOf("{ \"source\": { \"type\": \"ML Flow\", \"settings\": 1 } }"))
                .satisfiesExactlyInAnyOrder(
                        fault ->
                                assertThat(fault).contains("source.type was 'ML Flow' but must be a lower-case letter"),
                        fault -> assertThat(fault).contains("source.settings was 1 but must be an object"));
    }

    @Test
    void an_enabled_stage_of_the_users_own_must_have_its_place_in_the_order() {
        assertThat(home.faultsWith("\"stages\": { \"x\": { \"command\": [\"a\"] } }"))
                .containsExactly("pipeline.json: order must be one that has the enabled stage 'x': add it, or set"
                        + " stages.x.enabled to false");
        assertThat(home.faultsWith("\"stages\": { \"x\": { \"command\": [\"a\"], \"enabled\": false } }"))
                .isEmpty();
    }

    @Test
    void a_mistyped_rule_of_the_market_is_told_with_the_others() {
        assertThat(home.faultsWith("""
            "environment": {
              "slipage_bps": 5,
              "fills": "next",
              "fee_rate": -1
            }\
            """))
                .satisfiesExactly(
                        first -> assertThat(first).contains("slipage_bps is not known; did you mean 'slippage_bps'?"),
                        second -> assertThat(second).contains("environment.fills was 'next'"),
                        third -> assertThat(third).contains("environment.fee_rate was -1"));
    }

    @Test
    void the_order_has_each_stage_once_and_deploy_last() {
        assertThat(home.faultsWith("\"order\": [\"deploy\", \"backtest\", \"backtest\"]"))
                .containsExactly(
                        "pipeline.json:1: order[0] was 'deploy' but must be the last stage: what is deployed has"
                                + " passed all others",
                        "pipeline.json:1: order[2] was 'backtest' but must be there only once");
    }

    @Test
    void an_enabled_stage_must_have_its_place_in_the_order() {
        assertThat(home.faultsWith("\"order\": [\"backtest\"]"))
                .containsExactly(
                        "pipeline.json:1: order was a list but must be one that has the enabled stage 'deploy': add"
                                + " it, or set stages.deploy.enabled to false");
        assertThat(home.faultsWith("\"order\": [\"backtest\"], \"stages\": { \"deploy\": { \"enabled\": false } }"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'stages': { 'cge_stress': { 'enabled': true } } | false: the stress stage is not available in this"
                        + " version",
                "'environment': { 'slippage_bps': -1 }           | environment.slippage_bps was -1 but must be at"
                        + " least 0 and below 10000",
                "'environment': { 'fills': 'last-bar' }          | one of: same-bar, next-bar",
                "'environment': { 'preset': 'mine' }             | one of: original",
                "'environment': { 'fee_rate': 1 }                | at least 0 and below 1",
                "'environment': { 'initial_capital': 0 }         | above 0",
                "'environment': { 'forced_sale_after': 1.5 }     | a whole number of at least 1",
                "'environment': { 'max_steps': 1e12 }            | a whole number of at least 1",
                "'environment': { 'max_position': '30%' }        | a number that a double can hold, without quotes",
                "'environment': { 'lots': [] }                   | environment.lots was an empty list but must be 1 to"
                        + " 128 lots",
                "'environment': { 'lots': [1, -1] }              | environment.lots was a list but must be 1 to 128"
                        + " lots",
                "'environment': { 'lots': { 'BTC': '1' } }       | environment.lots was an object but must be 1 to 128"
                        + " lots",
                "'environment': { 'lots': { 'BTC': 1, 'btc': 2 } } | under the different names of their assets",
                "'environment': { 'lots': [1], 'assets': ['BTC', 'ETH'] } | a different name for each of the 1 lots",
                "'http': { 'token_file': '~/token' }             | a path, absolute or relative to the home",
                "'http': { 'token_file': 't', 'read_token_file': 't' } | another file than http.token_file",
                "'http': { 'names': ['a.example'] }              | empty unless http.token_file is set",
                "'http': { 'token_file': 't', 'names': ['http://a'] } | a list of hosts' names without scheme and port",
                "'disk': { 'stop': '-1' }                        | a size: bytes as a number",
                "'disk': { 'stop': '2GB', 'warn': '1GB' }        | at least disk.stop, which is 2000000000 bytes",
                "'http': { 'host': '0.0.0.0' }                   | a loopback address",
                "'http': { 'host': '127.0.0.1.evil.org' }        | a loopback address",
                "'http': { 'host': '127.0.0.256' }               | a loopback address",
                "'http': { 'port': -1 }                          | from 0 to 65535",
                "'http': { 'port': 80.5 }                        | a whole number",
                "'http': { 'port': 1e400 }                       | a whole number from",
                "'http': { 'port': 1e99999999999 }               | was 1e99999999999 but must be a whole number from",
                "'stages': { 'cge_stress': { 'seed': 1e-99999999999 } } | a whole number from",
                "'http': { 'port': '8080' }                      | a whole number, without quotes",
                "'http': { 'read_only': 'yes' }                  | true or false, without quotes",
                "'stages': { 'backtest': { 'enabled': null } }   | true or false",
                "'stages': { 'backtest': { 'gates': 'v3' } }     | one of: v2-basic, v1-adaptive, strict",
                "'stages': { 'backtest': { 'gates': 5 } }        | one of: v2-basic, v1-adaptive, strict; or a list of"
                        + " gates",
                "'stages': { 'backtest': { 'gates': null } }     | one of: v2-basic, v1-adaptive, strict; or a list of"
                        + " gates",
                "'stages': { 'backtest': { 'gates': [] } }       | gates was an empty list but must be a list of at"
                        + " least one gate",
                "'stages': { 'backtest': { 'gates': {} } }       | an object with 'preset', 'gates' or both",
                "'stages': { 'backtest': { 'gates': ['sharpe'] } } | gates[0] was 'sharpe' but must be an object",
                "'stages': { 'backtest': { 'gates': { 'preset': 'strct' } } } | gates.preset was 'strct' but must be"
                        + " one of",
                "'stages': { 'backtest': { 'gates': { 'gates': [] } } } | gates.gates was an empty list but must be a"
                        + " list",
                "'stages': { 'backtest': { 'gates': { 'gates': {} } } } | gates.gates was an object but must be a list",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharp', 'at_least': 1 }] } } | gates[0].metric was"
                        + " 'sharp' but must be the name of a metric, such as sharpe or max_drawdown; did you mean"
                        + " 'sharpe'?",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'my_own', 'at_least': 1 }] } } | known are:"
                        + " total_return, cagr",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 5, 'at_least': 1 }] } } | gates[0].metric was 5 but"
                        + " must be text in quotes",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': 1e999 }] } } |"
                        + " gates[0].at_least was 1e999 but must be a number that a double can hold",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': '1' }] } } | a number that a"
                        + " double can hold, without quotes",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': 1, 'name': ' ' }] } } |"
                        + " gates[0].name was ' ' but must be some text",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': 2, 'at_most': 1 }] } } | sharpe"
                        + " cannot be both >= 2 and <= 1",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': 2 }, { 'metric': 'sharpe',"
                        + " 'at_least': 1 }] } } | sharpe has two gates on one side",
                "'stages': { 'backtest': { 'gates': { 'preset': 'strict', 'gates': [{ 'metric': 'max_drawdown',"
                        + " 'at_least': 0.9 }] } } } | max_drawdown cannot be both <= 0.25 and >= 0.9",
                "'stages': { 'backtest': { 'timeout_seconds': 0 } } | at least 1ms",
                "'stages': { 'backtest': { 'timeout_seconds': 1e30 } } | a duration",
                "'stages': { 'backtest': { 'timeout': 1, 'timeout_seconds': 1 } } | left out where there is"
                        + " timeout_seconds",
                "'stages': { 'backtest': { 'retry_delays': [] } } | a list of at least one",
                "'stages': { 'backtest': { 'retry_delays': [5, -1] } } | a list of which each is a duration",
                "'stages': { 'deploy': { 'rank_by': 'sharp' } }  | a metric or 'value'; did you mean 'sharpe'?",
                "'stages': { 'deploy': { 'rank_by': 'max_drawdwon' } } | did you mean 'max_drawdown'?",
                "'stages': { 'deploy': { 'rank_by': 'Sharpe Ratio' } } | the name of a backtest metric",
                "'stages': { 'deploy': { 'rank_by': 'my_own_figure' } } | known are value, ",
                "'stages': { 'deploy': { 'max_deployed': -1 } }  | from 0 to 1000",
                "'stages': { 'deploy': { 'margin': -0.1 } }      | at least 0",
                "'stages': { 'deploy': { 'margin': 1e999 } }     | a number that a double can hold",
                "'stages': { 'deploy': { 'command': [] } }       | a list of the program and its arguments",
                "'stages': { 'deploy': { 'command': 'sh x' } }   | a list [ … ]",
                "'stages': { 'deploy': { 'command': ['x', '{modeldir}'] } } | did you mean 'model_dir'?",
                "'models': { 'directory': 'trial_{nummer}' }     | {number}, {study}, {study_id}",
                "'models': { 'grace': 'soon' }                   | a duration: seconds as a number, or 500ms",
                "'data': { 'directory': '~/data' }               | '~' is not expanded",
                "'data': { 'periods_per_year': 0 }               | above 0",
                "'retry': { 'delays': 5 }                        | a list [ … ]",
                "'daemon': { 'workers': 0 }                      | from 1 to 256",
                "'daemon': { 'lease': '10ms' }                   | at least 1s",
                "'logs': { 'max_file': '10XB' }                  | a size: bytes as a number",
                "'logs': { 'max_file': '2MB', 'max_total': '1MB' } | at least logs.max_file, which is 2000000 bytes",
                "'database': 'jdbc:sqlite:x.db'                  | the path of an SQLite file, or jdbc:postgresql:",
                "'database': 'mysql://x'                         | the path of an SQLite file, or jdbc:postgresql:",
                "'retention': 0                                  | at least 1h",
                "'breaker': { 'trials': -1 }                     | breaker.trials was -1 but must be from 0 to 1000",
                "'breaker': { 'trials': 1001 }                   | breaker.trials was 1001 but must be from 0 to 1000",
                "'breaker': { 'trials': '5' }                    | a whole number, without quotes",
                "'breaker': { 'pause': '999ms' }                 | breaker.pause was '999ms' but must be at least 1s",
                "'breaker': { 'max_pause': '10s' }               | breaker.max_pause was '10s' but must be at least"
                        + " breaker.pause, which is 30s",
                "'breaker': { 'pause': '1h', 'max_pause': '59m' } | breaker.max_pause was '59m' but must be at least"
                        + " breaker.pause, which is 1h",
                "'breaker': { 'max_pause': 'long' }              | breaker.max_pause was 'long' but must be a duration",
                "'breaker': 5                                    | breaker was 5 but must be an object { … }",
                "'daemon': { 'cancel_grace': -1 }                | daemon.cancel_grace was -1 but must be a duration",
                "'daemon': { 'cancel_grace': null }              | daemon.cancel_grace was null but must be a duration",
                "'retry': { 'jitter': -0.1 }                     | retry.jitter was -0.1 but must be at least 0 and"
                        + " below 1",
                "'retry': { 'jitter': 1 }                        | retry.jitter was 1 but must be at least 0 and below"
                        + " 1",
                "'retry': { 'jitter': '20%' }                    | retry.jitter was '20%' but must be a number that a"
                        + " double can hold, without quotes",
                "'stages': { 'backtest': { 'retry_jitter': 1.5 } } | stages.backtest.retry_jitter was 1.5 but must be"
                        + " at least 0 and below 1",
                "'stages': { 'backtest': { 'retry_jitter': -1 } } | stages.backtest.retry_jitter was -1 but must be at"
                        + " least 0 and below 1",
                "'stages': { 'backtest': { 'workers': -1 } }     | stages.backtest.workers was -1 but must be from 0"
                        + " to 256",
                "'stages': { 'cge_stress': { 'workers': 257 } }  | stages.cge_stress.workers was 257 but must be from"
                        + " 0 to 256",
                "'stages': { 'backtest': { 'workers': null } }   | stages.backtest.workers was null but must be a"
                        + " whole number",
                "'stages': { 'deploy': { 'max_per_hour': -1 } }  | stages.deploy.max_per_hour was -1 but must be from"
                        + " 0 to 1000",
                "'stages': { 'deploy': { 'max_per_hour': 1001 } } | stages.deploy.max_per_hour was 1001 but must be"
                        + " from 0 to 1000",
                "'stages': { 'deploy': { 'max_per_hour': 0.5 } } | stages.deploy.max_per_hour was 0.5 but must be a"
                        + " whole number",
            })
    void a_value_against_its_rule_is_a_fault(String members, String rule) {
        assertThat(home.faultsWith(members.replace('\'', '"').replace("\"~\"", "'~'")))
                .singleElement()
                .asString()
                .startsWith("pipeline.json:1: ")
                .contains(" was ")
                .contains(" but must be ")
                .contains(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'stages': { 'deploy': { 'rank_by': 'value' } }",
                "'stages': { 'deploy': { 'max_deployed': 0 } }",
                "'http': { 'host': 'localhost', 'port': 0 }",
                "'http': { 'host': '::1', 'read_only': true }",
                "'http': { 'token_file': 'token', 'names': ['pipeline.example'] }",
                "'environment': { 'slippage_bps': -0.0 }",
                "'environment': { 'fills': 'next-bar', 'slippage_bps': 9999 }",
                "'environment': { 'trailing_stop': 0.99, 'max_position': 1, 'buy_safety': 1 }",
                "'models': { 'directory': '/models/{study}/{study_id}/{number}' }",
                "'stages': { 'backtest': { 'timeout_seconds': 0.5 } }",
                "'data': { 'periods_per_year': 365.25 }",
                "'stages': { 'backtest': { 'gates': 'strict' } }",
                "'stages': { 'backtest': { 'gates': { 'preset': 'v1-adaptive' } } }",
                "'stages': { 'backtest': { 'gates': [{ 'metric': 'sharpe', 'at_least': 1, 'at_most': 9, 'name': 'mine'"
                        + " }] } }",
                "'breaker': { 'trials': 0 }",
                "'breaker': { 'trials': 1000, 'pause': 1, 'max_pause': 1 }",
                "'breaker': { 'pause': '1h' }",
                "'daemon': { 'cancel_grace': 0 }",
                "'retry': { 'jitter': 0.99 }",
                "'retry': { 'jitter': -0.0 }",
                "'stages': { 'backtest': { 'retry_jitter': 0, 'workers': 0 } }",
                "'stages': { 'backtest': { 'workers': 256 } }",
                "'stages': { 'deploy': { 'max_per_hour': 1000 } }",
            })
    void a_value_within_its_rule_is_none(String members) {
        assertThat(home.faultsWith(members.replace('\'', '"'))).isEmpty();
    }

    @Test
    void all_that_is_wrong_with_gates_is_said_at_once() {
        assertThat(home.faultsWith("""
            "stages": { "backtest": { "gates": { "preset": "v9", "gates": [
              { "metric": "max_drawdwon", "at_most": 0.3 },
              { "metric": "sharpe" },
              { "at_least": 1, "atleast": 1 }
            ] } } }\
            """))
                .hasSize(5)
                .anySatisfy(fault -> assertThat(fault).contains("gates.preset was 'v9'"))
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("pipeline.json:2: stages.backtest.gates.gates[0].metric")
                        .endsWith("did you mean 'max_drawdown'?"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[1].at_least is missing")
                        .contains("give the gate at_least, at_most or both"))
                .anySatisfy(fault -> assertThat(fault).contains("gates[2].metric is missing"))
                .anySatisfy(
                        fault -> assertThat(fault).contains("gates[2].atleast is not known; did you mean 'at_least'?"));
    }

    @Test
    void all_that_is_wrong_with_gates_that_are_code_is_said_at_once() {
        assertThat(home.faultsWith("""
            "stages": { "backtest": { "gates": [
              { "command": ["python3", "{model_dir}"], "name": "a" },
              { "command": ["true"], "type": "b", "name": "b" },
              { "command": ["true"] },
              { "type": "Not One" },
              { "type": "fine", "timeout_seconds": 1 },
              { "type": "fine2", "metric": "sharpe" },
              { "type": "fine3", "setings": {} }
            ] } }\
            """))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[0].command[1] was '{model_dir}'")
                        .contains("made with {number} {study} {trial_json}"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[1].type was 'b'")
                        .contains("left out where there is a command"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[2].name is missing")
                        .contains("say what verdicts are to call the gate"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[3].type was 'Not One'")
                        .contains("a lower-case letter"))
                .anySatisfy(fault -> assertThat(fault).contains("gates[4].timeout_seconds is not known"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("gates[5].metric was 'sharpe'")
                        .contains("thresholds are gates of their own"))
                .anySatisfy(
                        fault -> assertThat(fault).contains("gates[6].setings is not known; did you mean 'settings'?"))
                .hasSize(7);
        assertThat(home.faultsWith(
                        "\"stages\": { \"backtest\": { \"gates\": [ { \"type\": \"a\" }, { \"type\": \"a\" } ] } }"))
                .singleElement()
                .asString()
                .contains("two have the name 'a'; give each its own");
    }

    @Test
    void what_a_fault_shows_is_short_harmless_and_without_passwords() {
        assertThat(home.faultsWith("\"http\": { \"host\": \"\\u001b[31mred\\n\\u202e\" }"))
                .singleElement()
                .asString()
                .contains("'\\u001b[31mred\\n\\u202e'");
        assertThat(home.faultsWith("\"http\": { \"host\": \"%s\" }".formatted("x".repeat(500))))
                .singleElement()
                .asString()
                .contains("x".repeat(80) + "…'")
                .doesNotContain("x".repeat(81));
        assertThat(home.faultsWith("\"database\": \"mysql://me:hunter2@db/x?password=hunter2\""))
                .singleElement()
                .asString()
                .contains("mysql://***@db/x")
                .doesNotContain("hunter2");
        assertThat(home.faultsWith("\"\\u001b[2J\": 1"))
                .singleElement()
                .asString()
                .contains("\\u001b[2J is not known");
    }
}
