package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Members;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the configuration. The file is the one that is named, else the one that the environment variable
 * {@code PIPELINE_CONFIG} names, else {@code pipeline.json} in the current directory. Its directory is the home, unless
 * another is named. {@code OPTUNA_DB} serves where the file names no {@code optuna.storage}: it is a path, relative to
 * the current directory as paths in the environment are, or one of Optuna's URLs. An empty variable is none.
 */
public final class ConfigLoader {

    /** The file that is read if none is named. */
    public static final String DEFAULT_FILE = "pipeline.json";

    private static final int MAX_BYTES = 1_000_000;
    private static final Pattern URL = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]*://.*");

    private record Source(
            Path file, String origin, @Nullable String place) {

        Setting setting(Path absolute) {
            return new Setting("(file)", absolute.toString(), origin, place);
        }

        /** In words that are true for a host application, too, which knows of no command line. */
        String missing() {
            return origin.equals(Setting.ENVIRONMENT)
                    ? "this file, named by the environment variable %s, does not exist: correct the path, or unset the variable to use ./%s"
                            .formatted(place, DEFAULT_FILE)
                    : "this file does not exist: correct the path";
        }
    }

    private final Map<String, String> environment;
    private final Path currentDirectory;

    public ConfigLoader(Map<String, String> environment, Path currentDirectory) {
        this.environment = Map.copyOf(environment);
        this.currentDirectory = currentDirectory.toAbsolutePath();
    }

    /** With the environment and the current directory of this process. */
    public static ConfigLoader ofThisProcess() {
        return new ConfigLoader(System.getenv(), Path.of(""));
    }

    /**
     * Reads the configuration.
     *
     * @param file the file that the user names, or null
     * @param home the home that the user names, or null for the file's directory; it need not exist yet
     * @throws ConfigException telling all that is wrong
     */
    public PipelineConfig load(@Nullable Path file, @Nullable Path home) {
        return explain(file, home).config();
    }

    /**
     * Reads the configuration, and tells where each value comes from.
     *
     * @param file the file that the user names, or null
     * @param home the home that the user names, or null for the file's directory; it need not exist yet
     * @throws ConfigException telling all that is wrong
     */
    public ExplainedConfig explain(@Nullable Path file, @Nullable Path home) {
        Source source = source(file);
        Path absolute = currentDirectory.resolve(source.file());
        Faults faults = new Faults(source.file().toString());
        byte[] bytes = content(source, absolute, home, faults);
        faults.throwIfAny();
        Members members = JsonDocument.read(bytes, faults);
        if (members == Members.NONE) {
            faults.throwIfAny();
        }
        Path homeOfAll = tidied(home == null ? parent(absolute) : currentDirectory.resolve(home));
        if (Files.exists(homeOfAll) && !Files.isDirectory(homeOfAll)) {
            faults.add(Faults.NO_LINE, "the home %s is not a directory".formatted(InertText.of(homeOfAll.toString())));
        }
        Origins origins = new Origins();
        PipelineConfig config =
                PipelineConfig.read(Options.root(members, faults, origins), tidied(absolute), homeOfAll, optunaDb());
        faults.throwIfAny();
        List<Setting> settings = new ArrayList<>();
        settings.add(source.setting(config.file()));
        settings.add(
                home == null
                        ? new Setting("(home)", homeOfAll.toString(), Setting.DEFAULT, null)
                        : new Setting("(home)", homeOfAll.toString(), Setting.FLAG, "--home"));
        settings.addAll(origins.settings(members));
        return new ExplainedConfig(config, settings);
    }

    /**
     * The file that {@link #load} would read; it need not exist.
     *
     * @param file the file that the user names, or null
     */
    public Path file(@Nullable Path file) {
        return tidied(currentDirectory.resolve(source(file).file()));
    }

    private Source source(@Nullable Path file) {
        if (file != null) {
            return new Source(file, Setting.FLAG, "--config");
        }
        String variable = environment.getOrDefault("PIPELINE_CONFIG", "");
        return variable.isEmpty()
                ? new Source(Path.of(DEFAULT_FILE), Setting.DEFAULT, null)
                : new Source(Path.of(variable), Setting.ENVIRONMENT, "PIPELINE_CONFIG");
    }

    private byte[] content(Source source, Path file, @Nullable Path home, Faults faults) {
        if (!Files.exists(file)) {
            faults.add(
                    Faults.NO_LINE, source.origin().equals(Setting.DEFAULT) ? noDefaultFile(home) : source.missing());
            return new byte[0];
        }
        if (Files.isDirectory(file)) {
            Path inside = source.file().resolve(DEFAULT_FILE);
            faults.add(
                    Faults.NO_LINE,
                    "this is a directory, but must be a file"
                            + (Files.exists(currentDirectory.resolve(inside)) ? ", such as " + shown(inside) : ""));
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                faults.add(Faults.NO_LINE, "is larger than 1 MB, so it cannot be a configuration");
            }
            return bytes;
        } catch (IOException e) {
            faults.add(
                    Faults.NO_LINE,
                    "cannot be read (%s): correct its permissions".formatted(InertText.of(e.toString())));
            return new byte[0];
        }
    }

    private String noDefaultFile(@Nullable Path home) {
        Path inHome = home == null ? null : home.resolve(DEFAULT_FILE);
        if (inHome != null && Files.exists(currentDirectory.resolve(inHome))) {
            return "there is no such file in %s: to use the home's own, add --config %s"
                    .formatted(shown(currentDirectory), shown(inHome));
        }
        return ("there is no such file in %s: name one with --config FILE, or make one with the command init;"
                        + " the command demo shows the pipeline at work without any")
                .formatted(shown(currentDirectory));
    }

    private @Nullable String optunaDb() {
        String variable = environment.getOrDefault("OPTUNA_DB", "");
        if (variable.isBlank()) {
            return null;
        }
        return URL.matcher(variable).matches()
                ? variable
                : currentDirectory.resolve(variable).toString();
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /** Without "." and "..", where that leads to the same place; behind symbolic links it may not. */
    private static Path tidied(Path path) {
        Path normalized = path.normalize();
        try {
            return Files.isSameFile(path, normalized) ? normalized : path;
        } catch (IOException e) {
            return path;
        }
    }

    private static String shown(Path path) {
        return InertText.of(path.toString());
    }
}
