package io.pipelinev2.runner;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** The house as design decisions draw it: who may know whom, one rule a module and a package. */
@AnalyzeClasses(packages = "io.pipelinev2", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {

    /** Leaves out the tests of this module, and the published ones of core. */
    static final class WithoutTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    private static final String[] LANGUAGE = {"java..", "org.slf4j..", "org.jspecify.."};

    private static DescribedPredicate<JavaClass> own(String... packages) {
        return resideInAnyPackage(packages).or(resideInAnyPackage(LANGUAGE)).or(primitive());
    }

    private static DescribedPredicate<JavaClass> primitive() {
        return DescribedPredicate.describe("primitive or array", type -> type.isPrimitive() || type.isArray());
    }

    @ArchTest
    static final ArchRule core_knows_only_the_language_and_slf4j = classes()
            .that()
            .resideInAPackage("io.pipelinev2.core..")
            .should()
            .onlyDependOnClassesThat(own("io.pipelinev2.core..")
                    .and(resideInAPackage("java.sql..").negate()));

    @ArchTest
    static final ArchRule trials_know_nothing_else_of_core = classes()
            .that()
            .resideInAPackage("io.pipelinev2.core.trial")
            .should()
            .onlyDependOnClassesThat(own("io.pipelinev2.core", "io.pipelinev2.core.trial"));

    @ArchTest
    static final ArchRule stages_know_trials = classes()
            .that()
            .resideInAPackage("io.pipelinev2.core.stage")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core",
                    "io.pipelinev2.core.stage",
                    "io.pipelinev2.core.stage.internal",
                    "io.pipelinev2.core.trial"));

    @ArchTest
    static final ArchRule deployments_know_trials_and_stages = classes()
            .that()
            .resideInAPackage("io.pipelinev2.core.deployment")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core",
                    "io.pipelinev2.core.deployment",
                    "io.pipelinev2.core.stage",
                    "io.pipelinev2.core.stage.internal",
                    "io.pipelinev2.core.trial"));

    @ArchTest
    static final ArchRule the_store_port_does_not_know_who_uses_it = noClasses()
            .that()
            .resideInAPackage("io.pipelinev2.core.store")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.pipelinev2.core.execution", "io.pipelinev2.core.discovery");

    @ArchTest
    static final ArchRule execution_does_not_know_discovery = noClasses()
            .that()
            .resideInAPackage("io.pipelinev2.core.execution")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.pipelinev2.core.discovery");

    @ArchTest
    static final ArchRule the_state_store_knows_core_and_the_databases = classes()
            .that()
            .resideInAPackage("io.pipelinev2.store..")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core..",
                    "io.pipelinev2.store..",
                    "org.jooq..",
                    "org.flywaydb..",
                    "org.sqlite..",
                    "org.postgresql..",
                    "com.zaxxer.hikari..",
                    "javax.sql..",
                    "tools.jackson..",
                    "com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule optuna_storages_are_read_without_the_state_store = classes()
            .that()
            .resideInAPackage("io.pipelinev2.optuna..")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core",
                    "io.pipelinev2.core.trial",
                    "io.pipelinev2.optuna..",
                    "org.sqlite..",
                    "javax.sql..",
                    "tools.jackson..",
                    "com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule backtesting_knows_core = classes()
            .that()
            .resideInAPackage("io.pipelinev2.backtest..")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core..",
                    "io.pipelinev2.backtest..",
                    "ai.onnxruntime..",
                    "de.siegmar.fastcsv..",
                    "com.tictactec.ta.lib..",
                    "jdk.incubator.vector.."));

    /** What the module descriptor exports to everyone. The reviews look at all trials at once, which no stage does. */
    @ArchTest
    static final ArchRule built_in_stages_use_nothing_that_a_stage_of_a_users_own_could_not = noClasses()
            .that()
            .resideInAPackage("io.pipelinev2.backtest..")
            .and()
            .resideOutsideOfPackage("io.pipelinev2.backtest.review..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.pipelinev2.core..")
                    .and(DescribedPredicate.not(resideInAnyPackage(
                            "io.pipelinev2.core",
                            "io.pipelinev2.core.monitoring",
                            "io.pipelinev2.core.stage",
                            "io.pipelinev2.core.trial"))));

    @ArchTest
    static final ArchRule onnx_runtime_is_optional_and_known_to_one_class = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.pipelinev2.backtest.policy.OnnxActor")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule only_the_vector_kernel_needs_the_incubating_module = noClasses()
            .that()
            .haveNameNotMatching("io\\.pipelinev2\\.backtest\\.policy\\.VectorKernel(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule only_the_paper_trader_plays_the_game_of_the_backtest = noClasses()
            .that()
            .resideInAPackage("io.pipelinev2.deploy..")
            .and()
            .resideOutsideOfPackage("io.pipelinev2.deploy.papertrading..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.pipelinev2.backtest..");

    @ArchTest
    static final ArchRule deploying_knows_core = classes()
            .that()
            .resideInAPackage("io.pipelinev2.deploy..")
            .should()
            .onlyDependOnClassesThat(own(
                    "io.pipelinev2.core..",
                    "io.pipelinev2.backtest..",
                    "io.pipelinev2.deploy..",
                    "tools.jackson..",
                    "com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule nobody_knows_the_runner = noClasses()
            .that()
            .resideOutsideOfPackage("io.pipelinev2.runner..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.pipelinev2.runner..");

    @ArchTest
    static final ArchRule views_and_pages_do_not_know_the_command_line = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.pipelinev2.runner.view..", "io.pipelinev2.runner.http..", "io.pipelinev2.runner.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.pipelinev2.runner.cli..", "io.pipelinev2.runner.demo..");

    @ArchTest
    static final ArchRule extensions_know_the_ports_and_how_to_run_a_command = classes()
            .that()
            .resideInAPackage("io.pipelinev2.runner.extension")
            .should()
            .onlyDependOnClassesThat(own(
                            "io.pipelinev2.backtest.gate",
                            "io.pipelinev2.core",
                            "io.pipelinev2.core.logging",
                            "io.pipelinev2.core.stage",
                            "io.pipelinev2.core.stage.internal",
                            "io.pipelinev2.core.trial",
                            "io.pipelinev2.core.store",
                            "io.pipelinev2.deploy.launch",
                            "io.pipelinev2.runner.alerts",
                            "io.pipelinev2.runner.config",
                            "io.pipelinev2.runner.extension",
                            "io.pipelinev2.runner.logging",
                            "io.pipelinev2.runner.view",
                            "tools.jackson..")
                    .or(DescribedPredicate.describe(
                            "where models lie",
                            type -> type.getName().equals("io.pipelinev2.backtest.ModelLocation"))));

    @ArchTest
    static final ArchRule alerts_do_not_know_who_brings_their_channels = noClasses()
            .that()
            .resideInAnyPackage("io.pipelinev2.runner.alerts", "io.pipelinev2.runner.health")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.pipelinev2.runner", "io.pipelinev2.runner.extension", "io.pipelinev2.runner.cli");

    @ArchTest
    static final ArchRule mail_is_known_to_one_channel = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.pipelinev2.runner.alerts.EmailChannel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.mail..");

    @ArchTest
    static final ArchRule micrometer_is_known_to_what_embeds_and_to_the_figures_of_http_alone = noClasses()
            .that()
            .haveNameNotMatching("io\\.pipelinev2\\.runner\\.(EmbeddedPipeline|PipelineMeters|http\\.Metrics)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule only_plugins_are_loaded_by_class_loaders_of_their_own = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.pipelinev2.runner.extension.PluginJar")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(URLClassLoader.class);

    @ArchTest
    static final ArchRule no_cycles_between_the_packages_of_a_module =
            slices().matching("io.pipelinev2.(backtest|deploy).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_machines_clocks_are_read_in_one_class = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.pipelinev2.core.SystemClock")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule nothing_prints_but_the_command_line = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.pipelinev2.runner.cli..",
                    "io.pipelinev2.runner.logging..",
                    "io.pipelinev2.deploy.papertrading..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(PrintStream.class, "println", String.class);

    /** See docs/log-codes.md. The fluent way of logging would go around it. */
    @ArchTest
    static final ArchRule every_warning_and_every_error_has_a_code = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "a warning or an error without a LogCode",
                    call -> call.getTargetOwner().isAssignableTo(Logger.class)
                            && (call.getName().matches("at(Warn|Error|Level)|makeLoggingEventBuilder")
                                    || call.getName().matches("warn|error")
                                            && !call.getTarget()
                                                    .getRawParameterTypes()
                                                    .get(0)
                                                    .isEquivalentTo(Marker.class))));

    /** So that a marker in a call that logs is a code. */
    @ArchTest
    static final ArchRule codes_are_the_only_markers =
            noClasses().should().dependOnClassesThat().areAssignableTo(MarkerFactory.class);

    @ArchTest
    static final ArchRule a_model_file_never_runs_code = noClasses()
            .that()
            .resideInAPackage("io.pipelinev2.backtest..")
            .and()
            // It loads one class of our own by a constant name, because linking it needs a module that may be absent.
            .doNotHaveFullyQualifiedName("io.pipelinev2.backtest.policy.KernelChoice")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInputStream.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ClassLoader.class)
            .orShould()
            .callMethod(Class.class, "forName", String.class);

    @ArchTest
    static final ArchRule no_code_path_reaches_an_order_endpoint = noClasses()
            .that()
            .resideInAnyPackage("io.pipelinev2.deploy..", "io.pipelinev2.backtest..")
            .and()
            // It asks for bars with GET, and refuses addresses that take orders.
            .haveNameNotMatching("io\\.pipelinev2\\.deploy\\.papertrading\\.feed\\.WebRequest")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net.http..", "javax.net..")
                    .or(DescribedPredicate.describe(
                            "a socket or URL connection",
                            type -> type.getName().equals("java.net.Socket")
                                    || type.getName().equals("java.net.HttpURLConnection")
                                    || type.getName().equals("java.net.URLConnection"))));

    @ArchTest
    static final ArchRule names_say_what_a_class_is = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
            .orShould()
            .haveSimpleNameStartingWith("Base");
}
