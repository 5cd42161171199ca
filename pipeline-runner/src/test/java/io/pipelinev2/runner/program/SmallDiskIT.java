package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program on a real file system of 48 MB that is nearly full, mounted in a namespace of the test's own, for which nobody
 * has to be root. What the guard of the disks does is shown without one in {@code HealthTest}.
 */
@Timeout(300)
class SmallDiskIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Waits by looking, because from outside of the namespace nothing of it can be seen. */
    private static final String SCRIPT = """
            set -u
            mount -t tmpfs -o size=48m tmpfs "$SMALL" || exit 99
            cp -r "$DEMO/." "$SMALL"
            cd "$SMALL"
            P="$JAVA -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=$CLASSES -jar $JAR"
            head -c 25000000 /dev/zero > filler

            $P once --config pipeline.json > "$OUT/once" 2> "$OUT/once.err"; echo $? > "$OUT/once.code"

            $P run --config pipeline.json > "$OUT/run" 2> "$OUT/run.err" & daemon=$!
            i=0
            until $P status --json --config pipeline.json > "$OUT/held.json" 2>> "$OUT/errors" \
                    && grep -A 2 '"component" : "disk"' "$OUT/held.json" | grep -q '"down"'; do
                i=$((i + 1)); [ $i -lt 40 ] || break; sleep 1
            done
            $P trials --json --config pipeline.json > "$OUT/held-trials.json" 2>> "$OUT/errors"
            $P alerts --json --config pipeline.json > "$OUT/alerts.json" 2>> "$OUT/errors"

            rm filler
            i=0
            until $P status --json --config pipeline.json > "$OUT/after.json" 2>> "$OUT/errors" \
                    && grep -q '"trials_pending" : 0,' "$OUT/after.json" \
                    && ! grep -q '"trials_completed" : 0,' "$OUT/after.json"; do
                i=$((i + 1)); [ $i -lt 60 ] || break; sleep 1
            done
            kill $daemon; wait $daemon
            $P db check --config pipeline.json > "$OUT/check" 2>&1
            """;

    @TempDir
    private Path directory;

    private Process inNamespace(List<String> command) throws IOException {
        List<String> all = new java.util.ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("script.out").toFile())
                .redirectError(directory.resolve("script.err").toFile());
        builder.environment().put("SMALL", directory.resolve("small").toString());
        builder.environment().put("DEMO", directory.resolve("demo").toString());
        builder.environment().put("OUT", directory.resolve("out").toString());
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("JAR", Program.jar().toString());
        builder.environment().put("CLASSES", SharedClasses.of(Program.jar()).toString());
        builder.environment().remove("OPTUNA_DB");
        builder.environment().remove("PIPELINE_CONFIG");
        return builder.start();
    }

    private JsonNode json(String name) throws IOException {
        return JSON.readTree(Files.readString(directory.resolve("out").resolve(name)));
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve("out").resolve(name)).strip();
    }

    @Test
    void nothing_is_begun_on_a_nearly_full_disk_and_work_goes_on_by_itself_when_there_is_room() throws Exception {
        Process probe = inNamespace(List.of("true"));
        assumeThat(probe.waitFor())
                .as(
                        "this system lets nobody make a namespace (unshare --user), so no small disk can be mounted: %s",
                        Files.readString(directory.resolve("script.err")))
                .isZero();
        Files.createDirectories(directory.resolve("small"));
        Files.createDirectories(directory.resolve("out"));
        Path file = DemoHome.unpack(directory.resolve("demo"));
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "\\{",
                                "{ \"http\": { \"port\": 0 }, \"disk\": { \"warn\": \"22MB\", \"stop\": \"22MB\" },"
                                        + " \"daemon\": { \"health_check_interval\": 1, \"check_interval\": 2 },")
                        .replace("\"max_deployed\": 3", "\"enabled\": false"));

        Process script = inNamespace(List.of("sh", "-c", SCRIPT));
        assertThat(script.waitFor(280, TimeUnit.SECONDS)).isTrue();

        assertThat(text("once.code")).as(text("once.err")).isEqualTo("8");
        assertThat(text("once.err"))
                .contains("Nothing new is begun: the disk of ")
                .contains("disk.stop is 22.0 MB");
        JsonNode disk = component(json("held.json"), "disk");
        assertThat(disk.path("status").asString()).isEqualTo("down");
        assertThat(disk.path("message").asString()).contains("nothing new is begun: the disk of ");
        assertThat(json("held.json").path("pipeline").asString()).isEqualTo("degraded");
        assertThat(json("held-trials.json").path("trials").size()).isZero();
        assertThat(json("alerts.json").path("alerts"))
                .anySatisfy(alert -> assertThat(alert.path("rule").asString()).isEqualTo("disk"));
        assertThat(json("after.json").path("trials_completed").asInt()).isPositive();
        assertThat(text("check")).isEqualTo("ok");
    }

    private static JsonNode component(JsonNode status, String name) {
        for (JsonNode each : status.path("components")) {
            if (each.path("component").asString().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no component " + name + " in " + status);
    }
}
