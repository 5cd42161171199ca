package io.pipelinev2.runner.demo;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The example home: 28 finished trials of a study, their trained models, and the data to backtest them on. */
public final class DemoHome {

    /** Unpacked last, so that its presence says the home is complete. */
    private static final String CONFIGURATION = "pipeline.json";

    private static final String MARKER = ".pipeline-demo";

    private DemoHome() {}

    /** The paths of the home's files, relative to it, the configuration last. */
    static List<String> files() {
        try (InputStream in = resource("files.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new PipelineException("The list of the demo's files cannot be read from this jar: " + e, e);
        }
    }

    /**
     * Unpacks the home, unless it is there already.
     *
     * @param home the directory, made if need be
     * @return its configuration file
     * @throws DemoHomeException if the directory holds something else, a home of the user's own for instance, or cannot be written
     */
    public static Path unpack(Path home) {
        Path configuration = home.resolve(CONFIGURATION);
        if (Files.isRegularFile(configuration)) {
            if (!Files.exists(home.resolve(MARKER))) {
                throw new DemoHomeException(
                        ("%s is a home, but not the demo's, which would run it and then stop its traders. Use `run` or"
                                        + " `once` with --config %s, or choose another place for the demo with --home DIR.")
                                .formatted(home.toAbsolutePath(), configuration),
                        null);
            }
            return configuration;
        }
        try {
            refuseForeign(home);
            for (String file : files()) {
                Path target = home.resolve(file);
                Files.createDirectories(target.getParent());
                Path draft = target.resolveSibling(target.getFileName() + ".tmp");
                try (InputStream in = resource("home/" + file)) {
                    Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new DemoHomeException(
                    "The demo's home cannot be written to %s: %s. Choose a directory you may write to with --home DIR."
                            .formatted(home.toAbsolutePath(), e),
                    e);
        }
        return configuration;
    }

    private static void refuseForeign(Path home) throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        if (!Files.isDirectory(home)) {
            throw new DemoHomeException(
                    "%s is not a directory. Choose another place with --home DIR.".formatted(home.toAbsolutePath()),
                    null);
        }
        try (Stream<Path> entries = Files.list(home)) {
            List<String> own = files().stream().map(file -> file.split("/")[0]).toList();
            List<String> foreign = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !own.contains(name) && !name.endsWith(".tmp"))
                    .toList();
            if (!foreign.isEmpty()) {
                throw new DemoHomeException(
                        "%s is not empty and no demo home (it holds %s). Choose an empty directory with --home DIR."
                                .formatted(home.toAbsolutePath(), foreign.get(0)),
                        null);
            }
        }
    }

    private static InputStream resource(String name) {
        InputStream in = DemoHome.class.getResourceAsStream(name);
        if (in == null) {
            throw new PipelineException("This jar lacks the demo's " + name + ". Build it again: mvn package.");
        }
        return in;
    }
}
