package io.pipelinev2.runner.backup;

import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;

import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.runner.StateBinding;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A home with all that a backup takes and all that it must not take, filled in no time. */
record SampleHome(Path directory) {

    private static byte @Nullable [] migrated;

    /** What is told apart by the word in it: old homes from new ones. */
    static SampleHome filled(Path directory, String word) throws IOException {
        SampleHome home = new SampleHome(directory);
        home.configure("{ \"optuna\": { \"storage\": \"sqlite:///optuna.db\" } } // " + word);
        String id = "id-" + word;
        Files.write(home.database(), migrated());
        try (PipelineStore store = SqliteStore.open(home.database())) {
            store.write(writer -> {
                Study study = writer.insert(study(word));
                writer.insert(deployment(writer.insert(trial(study, 1))));
                writer.insert(deployment(writer.insert(trial(study, 2))));
                writer.put(StateBinding.SETTING, id);
                return null;
            });
        }
        home.write("state/" + StateBinding.FILE, id + "\n");
        for (int deployment = 1; deployment <= 2; deployment++) {
            String account = "state/deployments/" + deployment + "/";
            home.write(account + "state.json", "{ \"word\": \"" + word + "\" }");
            home.write(account + "equity.csv", "step,equity,cash\n" + word);
            home.write(account + "notes/deep/er.txt", word);
            home.write(account + "lock", "");
            home.write(account + "state.json.tmp", "half a dra");
        }
        new ModelArchive(home.state().resolve("models")).keep(home.model(word), "actor.pth");
        home.write("state/daemon.lock", "daemon, pid 1");
        home.write("state/runners/abc.lock", "");
        home.write("state/runtime/0123/pipeline-runner.jar", "a jar");
        home.write("logs/pipeline.log", "a line");
        return home;
    }

    SampleHome copy(Path to) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(directory.relativize(each)));
            }
        }
        return new SampleHome(to);
    }

    /** An empty state. Migrating is what takes the time. */
    private static synchronized byte[] migrated() throws IOException {
        if (migrated == null) {
            Path directory = Files.createTempDirectory("migrated");
            Path file = directory.resolve("empty.db");
            SqliteStore.open(file).close();
            migrated = Files.readAllBytes(file);
            PrivateFiles.deleteTree(directory);
        }
        return migrated;
    }

    byte[] model(String word) {
        return ("the weights of " + word).getBytes(StandardCharsets.UTF_8);
    }

    Path database() {
        return directory.resolve("pipeline_v2.db");
    }

    Path configuration() {
        return directory.resolve("pipeline.json");
    }

    Path state() {
        return directory.resolve("state");
    }

    void configure(String json) throws IOException {
        write("pipeline.json", json);
    }

    PipelineConfig config() {
        return new ConfigLoader(Map.of(), directory).load(configuration(), null);
    }

    void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The studies that the database tells of. */
    List<String> studies() {
        try (PipelineStore store = SqliteStore.open(database())) {
            return store.read(
                    reader -> reader.studies().stream().map(Study::name).toList());
        }
    }

    /** What a backup of this home replaces, as it is now. */
    Map<String, String> kept() throws IOException {
        Map<String, String> kept = tree(directory);
        kept.keySet().removeIf(path -> !BackupLayout.admits(path));
        return kept;
    }

    /** Every regular file below a directory with the SHA-256 of what it holds. */
    static Map<String, String> tree(Path directory) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.toList()) {
                    if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                        tree.put(
                                directory.relativize(each).toString(),
                                PrivateFiles.content(each).sha256());
                    }
                }
            }
        }
        return tree;
    }
}
