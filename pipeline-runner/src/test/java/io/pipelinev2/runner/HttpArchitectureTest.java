package io.pipelinev2.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One rule per package of the dashboard's server: from what a request is up to the pages, and never down again. */
@AnalyzeClasses(packages = "io.pipelinev2.runner", importOptions = ImportOption.DoNotIncludeTests.class)
class HttpArchitectureTest {

    private static final String ROOT = "io.pipelinev2.runner.http";

    /** Each knows none of those after it. */
    private static final List<String> PACKAGES = List.of(
            "problem",
            "access",
            "exchange",
            "reading",
            "logs",
            "html",
            "chart",
            "action",
            "api",
            "frame",
            "page",
            "overview");

    private static String[] below(Stream<String> packages) {
        return packages.map(name -> ROOT + "." + name).toArray(String[]::new);
    }

    /** A package knows these others, and neither the rest nor what binds all of them together. */
    private static ArchRule knowsOnly(String name, String... known) {
        List<String> knownOnes = Arrays.asList(known);
        if (!PACKAGES.subList(0, PACKAGES.indexOf(name)).containsAll(knownOnes)) {
            throw new IllegalArgumentException(name + " must not know one that comes after it");
        }
        String[] foreign = Stream.concat(
                        Stream.of(ROOT),
                        Stream.of(below(
                                PACKAGES.stream().filter(other -> !other.equals(name) && !knownOnes.contains(other)))))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(foreign);
    }

    @ArchTest
    static final ArchRule problems_know_nobody = knowsOnly("problem");

    @ArchTest
    static final ArchRule access_is_refused_by_a_problem = knowsOnly("access", "problem");

    @ArchTest
    static final ArchRule a_request_knows_who_asks = knowsOnly("exchange", "access", "problem");

    @ArchTest
    static final ArchRule what_is_read_does_not_know_how_it_is_shown = knowsOnly("reading", "problem");

    @ArchTest
    static final ArchRule logs_are_files = knowsOnly("logs", "problem");

    @ArchTest
    static final ArchRule html_knows_nothing_of_requests = knowsOnly("html");

    @ArchTest
    static final ArchRule charts_draw_what_was_read = knowsOnly("chart", "html", "reading");

    @ArchTest
    static final ArchRule actions_know_neither_json_nor_pages =
            knowsOnly("action", "access", "exchange", "problem", "reading");

    @ArchTest
    static final ArchRule the_api_shows_no_page =
            knowsOnly("api", "access", "action", "chart", "exchange", "logs", "problem", "reading");

    @ArchTest
    static final ArchRule the_frame_does_not_know_what_it_is_around =
            knowsOnly("frame", "access", "action", "exchange", "html", "problem", "reading");

    @ArchTest
    static final ArchRule pages_do_not_know_the_overview = knowsOnly(
            "page", "access", "action", "api", "chart", "exchange", "frame", "html", "logs", "problem", "reading");

    @ArchTest
    static final ArchRule the_overview_leads_to_the_pages = knowsOnly("overview", "frame", "html", "page", "reading");

    @ArchTest
    static final ArchRule no_package_is_without_a_rule = classes()
            .that()
            .resideInAPackage(ROOT + "..")
            .should()
            .resideInAnyPackage(Stream.concat(Stream.of(ROOT), Stream.of(below(PACKAGES.stream())))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule no_cycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    /** Public is what another package of the server needs; the program is served by these three alone. */
    @ArchTest
    static final ArchRule others_know_the_server_its_tokens_and_what_a_home_offers_it = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    below(PACKAGES.stream().filter(name -> !name.equals("access") && !name.equals("action"))));
}
