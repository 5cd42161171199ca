package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.doctor.Diagnosis;
import io.pipelinev2.runner.doctor.HomeChecks;
import io.pipelinev2.runner.doctor.Machine;
import io.pipelinev2.runner.init.Answers;
import io.pipelinev2.runner.init.NewHome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "init",
        description =
                "Makes a home: a commented pipeline.json, private directories, an access token. Asks for what is not"
                        + " given as an option, if somebody is there to be asked. Overwrites nothing. Ends with what doctor finds.")
final class InitCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", description = "Where to. Default: here.")
    Path directory = Path.of("");

    @Option(names = "--storage", paramLabel = "URL", description = "optuna.storage: where Optuna keeps its trials.")
    @Nullable
    String storage;

    @Option(names = "--models", paramLabel = "DIR", description = "models.directory: where the models lie.")
    @Nullable
    String models;

    @Option(names = "--data", paramLabel = "DIR", description = "data.directory: the market data.")
    @Nullable
    String data;

    @Option(names = "--port", paramLabel = "PORT", description = "http.port: where the dashboard listens.")
    @Nullable
    Integer port;

    @Option(names = "--unit", description = "Write pipeline.service, a unit file for systemd, beside it.")
    boolean unit;

    @Option(
            names = {"-y", "--yes"},
            description = "Ask nothing; take the defaults.")
    boolean yes;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        new NewHome(directory, Answers.USUAL).refuseIfThere();
        NewHome home = new NewHome(directory, answers());
        home.make();
        say(out, "Made " + home.configuration() + ", and " + home.token() + ", which only you can read.");
        if (unit) {
            home.makeUnit(Invocation.program());
            say(out, "Made " + home.unit() + "; copy it to /etc/systemd/system.");
        }
        say(out, "");
        PipelineConfig config = ConfigLoader.ofThisProcess().load(home.configuration(), null);
        Diagnosis diagnosis = Diagnosis.of(
                HomeChecks.of(config, Machine.ofThisProcess(), unit ? List.of(home.unit()) : List.of(), false));
        boolean coloured = common.color.isOn(System.getenv(), Terminal.isOut());
        out.print(DiagnosisText.of(diagnosis, new Page(Terminal.width(), coloured)));
        say(out, "");
        say(out, "Look next at");
        say(out, "  " + home.configuration() + "  and mend in it what is told above");
        say(out, "  " + Invocation.of("doctor", home.configuration()));
        say(out, "  " + Invocation.of("once", home.configuration()));
        out.flush();
        return ExitCode.OK;
    }

    private static void say(PrintWriter out, String line) {
        out.println(InertText.of(line));
    }

    private Answers answers() {
        Answers usual = Answers.USUAL;
        Questions questions = new Questions(spec.commandLine().getErr(), !yes && Terminal.isIn());
        String storage = this.storage == null
                ? questions.ask("Where does Optuna keep its trials?", usual.storage())
                : this.storage;
        String models =
                this.models == null ? questions.ask("Where are the models of trials?", usual.models()) : this.models;
        String data =
                this.data == null ? questions.ask("Where is the market data to backtest on?", usual.data()) : this.data;
        String port = this.port == null
                ? questions.ask("Which port for the dashboard?", Integer.toString(usual.port()))
                : this.port.toString();
        try {
            return new Answers(storage, models, data, Integer.parseInt(port));
        } catch (NumberFormatException e) {
            throw new ParameterException(spec.commandLine(), "a port is a number from 0 to 65535, not '" + port + "'");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
