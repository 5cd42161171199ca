package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "show",
        description = "Every value that holds, those that were left out included. Passwords are not shown.")
final class ConfigShowCommand extends HomeCommand {

    @Option(names = "--origin", description = "Where each comes from: default, file, environment or flag.")
    boolean origin;

    @Option(names = "--json", description = "One JSON object on standard output, with origins.")
    boolean json;

    @Override
    public Integer call() {
        List<Setting> settings = ConfigLoader.ofThisProcess()
                .explain(options.config, options.home)
                .settings();
        if (json) {
            print(json(settings));
        } else {
            out().print(text(settings));
            out().flush();
        }
        return ExitCode.OK;
    }

    private String text(List<Setting> settings) {
        TextTable table = new TextTable().text("KEY");
        if (origin) {
            table.text("ORIGIN");
        }
        table.text("VALUE").coloured(page().coloured());
        for (Setting setting : settings) {
            List<String> cells = new ArrayList<>(List.of(setting.key()));
            if (origin) {
                cells.add(setting.place() == null ? setting.origin() : setting.origin() + " " + setting.place());
            }
            cells.add(JsonMapper.shared().writeValueAsString(setting.value()));
            table.row(cells);
        }
        return table.format(page().width());
    }

    private static Map<String, @Nullable Object> json(List<Setting> settings) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Setting setting : settings) {
            Map<String, @Nullable Object> each = new LinkedHashMap<>();
            each.put("key", setting.key());
            each.put("value", setting.value());
            each.put("origin", setting.origin());
            each.put("place", setting.place());
            all.add(each);
        }
        return Map.of("settings", all);
    }
}
