package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** docs/cli.md is made of the commands themselves; {@code -Dcli.write=true} makes it anew. */
class CliPageTest {

    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final String BEGIN = "## Commands\n";
    private static final List<String> OF_ALL = List.of("--help", "--color");
    private static final List<String> OF_HOMES = List.of("--config", "--home", "--verbose", "--quiet");

    @Test
    void the_page_tells_of_every_command_with_its_options_and_exit_codes() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN));
        if (Boolean.getBoolean("cli.write")) {
            Files.writeString(PAGE, head + commands());
            page = Files.readString(PAGE);
        }
        assertThat(page)
                .as("mvn … -Dtest=CliPageTest -Dcli.write=true makes it")
                .isEqualTo(head + commands());
    }

    @Test
    void the_page_tells_what_the_exit_codes_mean() throws IOException {
        String page = Files.readString(PAGE);
        ExitCode.of(Main.commandLine())
                .forEach((code, words) -> assertThat(page).contains("| %d | %s |".formatted(code, words)));
    }

    /** What stands in backquotes and begins with P is meant to be typed. */
    @Test
    void every_command_and_option_that_the_manual_names_is_there() throws IOException {
        int seen = 0;
        try (Stream<Path> pages = Files.list(Path.of("../docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher typed = Pattern.compile("`P ([a-z][^`]*)`").matcher(Files.readString(page));
                while (typed.find()) {
                    seen++;
                    check(page, typed.group(1));
                }
            }
        }
        assertThat(seen).isGreaterThan(100);
    }

    private static void check(Path page, String line) {
        String where = page.getFileName() + ": `P " + line + "`";
        CommandLine command = Main.commandLine();
        for (String word : line.split("[ \\[\\]=…]+")) {
            if (command.getSubcommands().containsKey(word)) {
                command = command.getSubcommands().get(word);
            }
            if (word.startsWith("-") && word.length() > 1) {
                assertThat(command.getCommandSpec().optionsMap()).as(where).containsKey(word);
            }
        }
        assertThat(command.getParent()).as(where + " names no command").isNotNull();
    }

    private static String commands() {
        StringBuilder text = new StringBuilder(BEGIN);
        below(Main.commandLine()).forEach(command -> text.append(section(command)));
        return text.toString();
    }

    private static Stream<CommandLine> below(CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(each -> !each.getCommandName().equals("help"))
                .flatMap(each -> Stream.concat(Stream.of(each), below(each)));
    }

    private static String section(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        StringBuilder text = new StringBuilder("\n### `%s`\n\n%s\n\n"
                .formatted(synopsis(spec), String.join(" ", spec.usageMessage().description())));
        if (spec.optionsMap().containsKey("--config")) {
            text.append("Works on a home.");
        }
        text.append(" Exit codes: ")
                .append(ExitCode.of(command).keySet().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ")))
                .append(".\n");
        String rows = Stream.concat(
                        spec.positionalParameters().stream().map(each -> row(each.paramLabel(), each)),
                        spec.options().stream().filter(CliPageTest::isItsOwn).map(each -> row(names(each), each)))
                .collect(Collectors.joining());
        if (!rows.isEmpty()) {
            text.append("\n| | |\n|---|---|\n").append(rows);
        }
        return text.toString().replace("\n\n Exit", "\n\nExit");
    }

    private static String synopsis(CommandSpec spec) {
        return Stream.concat(
                        Stream.of(spec.qualifiedName().replaceFirst("pipeline", "P")),
                        spec.positionalParameters().stream().map(CliPageTest::shown))
                .collect(Collectors.joining(" "));
    }

    private static String shown(PositionalParamSpec each) {
        String label = each.paramLabel() + (each.arity().max() > 1 ? "…" : "");
        if (each.hideParamSyntax()) {
            return each.paramLabel();
        }
        boolean bracketed = each.arity().min() == 0;
        return bracketed ? "[" + label + "]" : label;
    }

    private static boolean isItsOwn(OptionSpec option) {
        return !OF_ALL.contains(option.longestName()) && !OF_HOMES.contains(option.longestName());
    }

    private static String names(OptionSpec option) {
        String names = String.join(", ", option.names());
        if (option.arity().max() == 0) {
            return names;
        }
        return option.arity().min() == 0 ? names + "[=" + option.paramLabel() + "]" : names + " " + option.paramLabel();
    }

    private static String row(String name, ArgSpec spec) {
        String words = String.join(" ", spec.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(spec.defaultValue()))
                .replace("${COMPLETION-CANDIDATES}", candidates(spec));
        return "| `%s` | %s |\n".formatted(name.replace("|", "\\|"), words.replace("|", "\\|"));
    }

    private static String candidates(ArgSpec spec) {
        if (spec.completionCandidates() == null) {
            return "";
        }
        return Stream.of(spec.completionCandidates())
                .flatMap(each -> {
                    Stream.Builder<String> all = Stream.builder();
                    each.forEach(all::add);
                    return all.build();
                })
                .collect(Collectors.joining(", "));
    }
}
