package io.pipelinev2.runner.sigkill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.launch.DeploymentLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A look at a home, its processes and its ledgers, whoever supervises it. */
final class Inspection {

    private final Home home;
    private final PipelineStore store;

    Inspection(Home home, PipelineStore store) {
        this.home = home;
        this.store = store;
    }

    /** A process of the home. */
    private record Seen(long pid, long parent, String nonce, List<String> command) {

        boolean isTrader() {
            return command.stream().anyMatch(argument -> argument.endsWith("trader.sh"));
        }

        boolean isRelative() {
            return command.contains("1000");
        }
    }

    /** What is meant to run runs, once each, and nothing else does. */
    void assertExactlyTheDesiredProcesses(int family) {
        List<Seen> seen = processes();
        List<Deployment> wanted = new ArrayList<>();
        for (Deployment each : store.read(StoreReader::deployments)) {
            boolean isWanted = each.desired() == DesiredState.RUNNING;
            assertThat(each.status())
                    .as("%s", each)
                    .isEqualTo(isWanted ? DeploymentStatus.RUNNING : DeploymentStatus.STOPPED);
            assertThat(each.health())
                    .as("%s", each)
                    .isEqualTo(isWanted ? DeploymentHealth.HEALTHY : DeploymentHealth.STOPPED);
            assertThat(new DeploymentLock(home.stateDirectory(each.id()).resolve("lock")).isHeld())
                    .as("the lock of %s is held", each)
                    .isEqualTo(isWanted);
            if (isWanted) {
                wanted.add(each);
            }
        }
        for (Deployment each : wanted) {
            assertThat(seen).as("its trader").anySatisfy(process -> {
                assertThat(process.pid()).isEqualTo(each.process().pid());
                assertThat(process.nonce()).isEqualTo(each.nonce());
                assertThat(process.isTrader()).isTrue();
            });
        }
        assertThat(seen)
                .as("every process is of a start that is meant to run")
                .allSatisfy(process ->
                        assertThat(wanted).extracting(Deployment::nonce).contains(process.nonce()));
        assertThat(seen.stream().filter(process -> process.isTrader() && !isFork(process, wanted)))
                .as("traders")
                .hasSize(wanted.size());
        assertThat(seen.stream().filter(Seen::isRelative))
                .as("what traders have started")
                .hasSize(family * wanted.size());
    }

    /** A shell that is about to become one of the small programs that a trader runs. */
    private static boolean isFork(Seen process, List<Deployment> wanted) {
        return wanted.stream().anyMatch(each -> each.process().pid() == process.parent());
    }

    /** What the store says can be, and of each start that it knows at most the last is unfinished. */
    void assertTheRecordIsWhole() {
        assertThat(store.<List<String>>read(Invariants::violations)).isEmpty();
        for (Deployment each : store.read(StoreReader::deployments)) {
            assertThat(store.read(tx -> tx.processRuns(each.id())).stream()
                            .filter(run -> run.endedAt() == null)
                            .map(ProcessRun::process))
                    .as("unfinished starts of %s", each)
                    .containsExactlyElementsOf(
                            each.status() == DeploymentStatus.RUNNING ? List.of(each.process()) : List.of());
        }
    }

    /** No line of a ledger is missing or there twice, and never did two processes trade at a time. */
    void assertTheLedgersAreWhole() {
        for (Deployment each : store.read(StoreReader::deployments)) {
            List<String> lines = home.ledger(each.id());
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i))
                        .as("line %d of deployment %d", i + 1, each.id())
                        .startsWith((i + 1) + " ");
            }
        }
        Set<String> before = new LinkedHashSet<>();
        String current = "";
        for (String nonce : home.tape()) {
            if (!nonce.equals(current)) {
                assertThat(before.add(nonce))
                        .as("start %s traded again after another had begun: %s", nonce, before)
                        .isTrue();
                current = nonce;
            }
        }
    }

    private List<Seen> processes() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .flatMap(entry -> seen(entry).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Seen> seen(Path entry) {
        try {
            if (!Files.readSymbolicLink(entry.resolve("cwd"))
                    .startsWith(home.directory().toRealPath())) {
                return Optional.empty();
            }
            String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new Seen(
                    Long.parseLong(entry.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    words(entry.resolve("environ")).stream()
                            .filter(variable -> variable.startsWith("PIPELINE_NONCE="))
                            .map(variable -> variable.substring("PIPELINE_NONCE=".length()))
                            .findFirst()
                            .orElse("none"),
                    words(entry.resolve("cmdline"))));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
    }

    /** Ends all that runs in the home, whoever started it. */
    void endAll() {
        processes().forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    boolean isQuiet() {
        return processes().isEmpty();
    }
}
