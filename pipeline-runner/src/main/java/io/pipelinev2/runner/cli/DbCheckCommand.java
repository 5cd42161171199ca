package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.store.Upkeep;
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
                "Tells whether the database is whole and of this program's schema. Changes nothing. Exits with 1 if"
                        + " there are findings.")
final class DbCheckCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        PipelineConfig config = config();
        log(config);
        UnfinishedRestore.refuse(config.home());
        Map<String, List<String>> findings = new LinkedHashMap<>();
        checks(config).forEach(check -> findings.put(check.name(), check.findings()));
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

    /** All that is asked, in this order. */
    private static List<Upkeep.Check> checks(PipelineConfig config) {
        return new ArrayList<>(PipelineHome.upkeep(config).checks());
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
