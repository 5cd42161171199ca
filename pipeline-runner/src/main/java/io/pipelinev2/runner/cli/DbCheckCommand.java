package io.pipelinev2.runner.cli;

import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.PipelineConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description =
                "Tells whether the database is whole, of this program's schema, and in a state that can be. Changes nothing."
                        + " Exits with 1 if there are findings.")
final class DbCheckCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        PipelineConfig config = config();
        log(config);
        UnfinishedRestore.refuse(config.home());
        Map<String, List<String>> findings = new LinkedHashMap<>();
        PipelineHome.upkeep(config).checks().forEach(check -> findings.put(check.name(), check.findings()));
        if (findings.values().stream().allMatch(List::isEmpty)) {
            // of a database that is whole and of this schema, so that opening it changes nothing
            findings.put("invariants", invariants(config));
        }
        boolean ok = findings.values().stream().allMatch(List::isEmpty);
        if (json) {
            print(json(config, findings, ok));
        } else if (ok) {
            say("ok");
        } else {
            // damage may be the answer to several questions
            findings.values().stream().flatMap(List::stream).distinct().forEach(this::say);
        }
        return ok ? ExitCode.OK : ExitCode.FAILED;
    }

    private static List<String> invariants(PipelineConfig config) {
        try (PipelineHome home = PipelineHome.open(config)) {
            return home.store().read(Invariants::violations);
        }
    }

    private static Map<String, @Nullable Object> json(
            PipelineConfig config, Map<String, List<String>> findings, boolean ok) {
        List<Map<String, Object>> checks = new ArrayList<>();
        findings.forEach((name, each) -> {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("check", name);
            check.put("findings", each);
            checks.add(check);
        });
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("ok", ok);
        json.put("database", DbVacuumCommand.name(config));
        json.put("checks", checks);
        return json;
    }
}
