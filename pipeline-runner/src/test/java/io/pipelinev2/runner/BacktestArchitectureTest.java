package io.pipelinev2.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One rule per package of the backtest: evidence is gathered upwards, and nothing looks down at its reader. */
@AnalyzeClasses(packages = "io.pipelinev2.backtest", importOptions = ImportOption.DoNotIncludeTests.class)
class BacktestArchitectureTest {

    private static final String ROOT = "io.pipelinev2.backtest";
    private static final List<String> PACKAGES =
            List.of("market", "environment", "policy", "metrics", "gate", "overfit", "report", "review");

    /** A package of the backtest knows these others, and neither the rest nor the stage itself. */
    private static ArchRule knowsOnly(String name, String... known) {
        List<String> knownOnes = Arrays.asList(known);
        String[] foreign = Stream.concat(
                        Stream.of(ROOT),
                        PACKAGES.stream()
                                .filter(other -> !other.equals(name) && !knownOnes.contains(other))
                                .map(other -> ROOT + "." + other))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(foreign);
    }

    @ArchTest
    static final ArchRule market_data_knows_nobody = knowsOnly("market");

    @ArchTest
    static final ArchRule the_environment_is_played_on_market_data = knowsOnly("environment", "market");

    @ArchTest
    static final ArchRule policies_see_market_data_and_no_rules = knowsOnly("policy", "market");

    @ArchTest
    static final ArchRule metrics_are_arithmetic_alone = knowsOnly("metrics");

    @ArchTest
    static final ArchRule gates_judge_metrics = knowsOnly("gate", "metrics");

    @ArchTest
    static final ArchRule luck_is_judged_by_gates = knowsOnly("overfit", "gate", "metrics");

    @ArchTest
    static final ArchRule a_report_is_read_by_people_and_not_by_the_backtest = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".report")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".report");

    @ArchTest
    static final ArchRule reviews_come_after_the_backtest = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".review")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".review");
}
