package io.pipelinev2.runner.cli;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.papertrading.PaperTrader;
import io.pipelinev2.deploy.papertrading.Verification;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "trade",
        description = "The bundled PAPER trader, one process per deployment. Started by the pipeline, not by hand."
                + " Exit codes are those of sysexits: 64 to 78 mean that starting again would not help."
                + " With --verify: plays a recorded PAPER account again from its ledger and compares every bar to the"
                + " last bit; exit code 0 if all are equal, 1 if one is not, 3 if there is no ledger, 5 if it cannot be"
                + " read.")
final class TradeCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @ArgGroup(multiplicity = "1")
    Mode mode = new Mode();

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "With --verify: the model's file, where trader.json does not name it on this machine.")
    @Nullable
    Path model;

    @Option(names = "--json", description = "With --verify: one JSON object on standard output.")
    boolean json;

    @Spec
    CommandSpec spec;

    static final class Mode {
        @Option(names = "--state", paramLabel = "DIR", description = "The deployment's state directory.")
        @Nullable
        Path state;

        @Option(
                names = "--verify",
                paramLabel = "DIR",
                description = "A deployment's state directory, or a copy of one.")
        @Nullable
        Path verify;
    }

    @Override
    public Integer call() {
        Path state = mode.state;
        Path verify = mode.verify;
        if (state != null) {
            return PaperTrader.run(state);
        }
        return verify == null ? ExitCode.USAGE : verify(verify);
    }

    private int verify(Path directory) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Verification.Result result = Verification.of(directory, model);
            if (json) {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                object.put("mode", "PAPER");
                object.put("equal", result.isEqual());
                object.put("bars", result.bars());
                object.put("difference", result.difference());
                out.println(Json.pretty(object));
                return result.isEqual() ? ExitCode.OK : ExitCode.FAILED;
            }
            String bars = result.bars() + (result.bars() == 1 ? " bar" : " bars");
            if (result.isEqual()) {
                out.println("PAPER account in " + directory + ": " + bars
                        + " played again; every one is equal to its record, to the last bit.");
                return ExitCode.OK;
            }
            out.println("PAPER account in " + directory + ": of " + bars
                    + " not all are equal to their record. The first difference: " + result.difference() + ".");
            return ExitCode.FAILED;
        } catch (NoSuchFileException e) {
            err.println("There is no ledger in " + directory + ". Name the state directory of a deployment, such as"
                    + " state/deployments/1.");
            return ExitCode.NOT_FOUND;
        } catch (IOException e) {
            err.println("The ledger in " + directory + " cannot be read: " + e + ".");
            return ExitCode.UNREACHABLE;
        } catch (PipelineException e) {
            err.println(e.getMessage());
            return ExitCode.UNREACHABLE;
        }
    }
}
