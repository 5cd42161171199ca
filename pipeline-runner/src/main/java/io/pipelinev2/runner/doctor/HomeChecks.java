package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.SourceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All that is looked at on a home, in the order in which it is told. */
public final class HomeChecks {

    private static final Pattern PID = Pattern.compile("pid (\\d+)");

    /** A password in a URL, or as a parameter of one. */
    private static final Pattern PASSWORD = Pattern.compile("://[^/@\\s\"]+:[^/@\\s\"]+@|[?&]password=");

    private HomeChecks() {}

    /**
     * @param units unit files that are looked at, too
     * @param online whether other machines are called
     */
    public static List<Check> of(PipelineConfig config, Machine machine, List<Path> units, boolean online) {
        List<Check> checks = new ArrayList<>();
        Optional<String> supervisor = supervisor(config, checks);
        long pid = supervisor
                .flatMap(HomeChecks::pid)
                .orElse(ProcessHandle.current().pid());
        int traders = config.deploy().maxDeployed();
        checks.addAll(List.of(
                new JavaCheck(),
                new UserCheck(),
                new LinuxCheck(machine),
                new ProgramsCheck(machine),
                new CommandCheck(machine, config.home(), config.deploy().command()),
                new StateDirectoryCheck(config.state()),
                new DiskCheck(machine, written(config)),
                new LogsCheck(config.logs()),
                new PortCheck(
                        config.http(), supervisor.filter(HomeChecks::isDaemon).isPresent()),
                new TrialsCheck(config),
                new MarketDataCheck(config.data())));
        if (online) {
            checks.add(new FeedCheck(config.deploy().feed().settings()));
        }
        checks.add(new PluginsCheck(config));
        addCommands(checks, config, machine);
        secrets(config).forEach(checks::add);
        config.tokenFile()
                .filter(Files::exists)
                .ifPresent(token -> checks.add(new PrivateFileCheck("the access token", token)));
        config.readTokenFile()
                .filter(Files::exists)
                .ifPresent(token -> checks.add(new PrivateFileCheck("the access token for reading", token)));
        checks.add(new LimitsCheck(machine, pid, traders));
        checks.add(new ServiceCheck(machine, pid, traders));
        units.forEach(unit -> checks.add(new UnitFileCheck(unit, traders)));
        checks.add(new KillFileCheck(config.state().resolve("KILL")));
        addDeployments(checks, config, machine, supervisor);
        return checks;
    }

    private static void addCommands(List<Check> checks, PipelineConfig config, Machine machine) {
        Path home = config.home();
        config.userStages()
                .values()
                .forEach(stage -> stage.command()
                        .ifPresent(command -> checks.add(new UserCommandCheck(
                                machine,
                                home,
                                "stage " + stage.name(),
                                "stages." + stage.name() + ".command",
                                command))));
        config.backtest()
                .gates()
                .custom()
                .forEach(gate -> gate.command()
                        .ifPresent(command -> checks.add(new UserCommandCheck(
                                machine,
                                home,
                                "gate " + gate.name(),
                                "the command of gate '" + gate.name() + "' (stages.backtest.gates)",
                                command))));
        config.source()
                .flatMap(SourceConfig::command)
                .ifPresent(command ->
                        checks.add(new UserCommandCheck(machine, home, "trial source", "source.command", command)));
    }

    private static Optional<String> supervisor(PipelineConfig config, List<Check> checks) {
        try {
            return HomeLock.heldBy(config.home());
        } catch (PipelineException e) {
            checks.add(new UnreadableHome(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** What else takes the home's lock serves nothing. */
    private static boolean isDaemon(String holder) {
        return holder.startsWith("daemon");
    }

    private static List<Path> written(PipelineConfig config) {
        List<Path> written = new ArrayList<>(
                List.of(config.home(), config.state(), config.logs().directory()));
        if (config.database() instanceof DatabaseLocation.SqliteFile file) {
            written.add(file.path());
        }
        return written;
    }

    private static Optional<Long> pid(String holder) {
        Matcher pid = PID.matcher(holder);
        return pid.find() ? Optional.of(Long.parseLong(pid.group(1))) : Optional.empty();
    }

    private static List<Check> secrets(PipelineConfig config) {
        List<Check> checks = new ArrayList<>();
        String database = config.database() instanceof DatabaseLocation.PostgresUrl postgres ? postgres.url() : "";
        boolean hasPassword = PASSWORD.matcher(database).find()
                || PASSWORD.matcher(config.optuna().storage()).find();
        if (hasPassword) {
            checks.add(new PrivateFileCheck("the configuration with a password", config.file()));
        }
        config.deploy()
                .secrets()
                .forEach((name, file) -> checks.add(
                        new PrivateFileCheck("secret " + name, config.home().resolve(file))));
        if (config.deploy().feed().settings() instanceof FeedSettings.HttpBars bars) {
            bars.keyFile().ifPresent(file -> checks.add(new PrivateFileCheck("the key of the feed", file)));
        }
        return checks;
    }

    /** Only if the database is sound and of this program: to open another would make or change it. */
    private static void addDeployments(
            List<Check> checks, PipelineConfig config, Machine machine, Optional<String> supervisor) {
        boolean isNew = config.database() instanceof DatabaseLocation.SqliteFile file && !Files.exists(file.path());
        if (isNew) {
            checks.add(new ClockCheck(machine, null));
            return;
        }
        DatabaseCheck database = new DatabaseCheck(config);
        checks.add(database);
        if (!database.isSound()) {
            return;
        }
        try (PipelineHome home = PipelineHome.open(config)) {
            List<Deployment> deployments = home.store().read(StoreReader::deployments);
            long wanted = deployments.stream()
                    .filter(deployment -> deployment.desired() == DesiredState.RUNNING)
                    .count();
            Optional<Event> newest =
                    home.store().read(tx -> tx.events(null, 1)).stream().findFirst();
            checks.add(new ClockCheck(machine, newest.map(Event::at).orElse(null)));
            checks.add(new SupervisorCheck(supervisor, wanted));
            checks.add(new DeploymentsCheck(deployments));
            DeploymentFiles files =
                    new DeploymentFiles(config.home(), config.logs().directory());
            checks.add(new OrphansCheck(home.store(), files));
        } catch (PipelineException e) {
            checks.add(new UnreadableHome(String.valueOf(e.getMessage())));
        }
    }
}
