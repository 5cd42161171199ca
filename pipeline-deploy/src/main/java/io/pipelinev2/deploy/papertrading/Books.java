package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The books of a paper account. Per bar the tables are written first and the account last, which makes the bar count; what
 * a crash left in the tables beyond the account is dropped, and that bar is traded again, with the same outcome.
 */
final class Books implements AutoCloseable {

    private final TraderFile trader;
    private final TradingEnvironment environment;
    private final Clock clock;
    private final Path accountFile;
    private final CsvFile equity;
    private final CsvFile trades;
    private final BarsHash bars;
    private int step;
    private long loop;

    /**
     * Opens the books of a state directory, continuing an account that is there.
     *
     * @throws TradingRefusedException if what is there cannot be continued; nothing was changed then
     */
    Books(Path stateDirectory, TraderFile trader, TradingEnvironment environment, Clock clock) throws IOException {
        this.trader = trader;
        this.environment = environment;
        this.clock = clock;
        this.accountFile = stateDirectory.resolve(Account.NAME);
        this.bars = new BarsHash(environment.market());
        Path equityFile = stateDirectory.resolve("equity.csv");
        Path tradesFile = stateDirectory.resolve("trades.csv");
        Account account = existing(equityFile);
        if (account != null) {
            resume(account, equityFile, tradesFile);
        }
        this.equity = new CsvFile(equityFile);
        this.trades = new CsvFile(tradesFile);
        if (account == null) {
            equity.begin("step,equity,cash");
            trades.begin("step,asset,side,quantity,price,fee");
            appendEquity();
        } else {
            equity.cutTo(account.equityBytes());
            trades.cutTo(account.tradesBytes());
        }
        save(Phase.TRADING);
    }

    int step() {
        return step;
    }

    /** Enters the bar that was just traded. */
    void enterBar() throws IOException {
        step++;
        for (Fill fill : environment.fills()) {
            trades.append("%d,%d,%s,%s,%s,%s"
                    .formatted(
                            step,
                            fill.asset(),
                            fill.side().name().toLowerCase(Locale.ROOT),
                            fill.quantity(),
                            fill.price(),
                            fill.fee()));
        }
        appendEquity();
        save(Phase.TRADING);
    }

    /** Writes down where the account stands and that the trader lives. */
    void save(Phase phase) throws IOException {
        loop++;
        // In this order: a line that the account counts on must not be lost with the machine's memory.
        trades.force();
        equity.force();
        new Account(
                        trader.deployment(),
                        trader.modelSha256(),
                        trader.nonce(),
                        ProcessHandle.current().pid(),
                        step,
                        loop,
                        phase,
                        clock.now(),
                        environment.equity(),
                        environment.snapshot(),
                        bars.upTo(environment.row()),
                        equity.length(),
                        trades.length())
                .write(accountFile);
        new Heartbeat(
                        trader.deployment(),
                        trader.nonce(),
                        clock.now(),
                        phase,
                        step,
                        loop,
                        environment.equity(),
                        environment.cash(),
                        null,
                        TradingState.ACTIVE,
                        null,
                        null,
                        false)
                .writeTo(Objects.requireNonNull(accountFile.getParent()));
    }

    @Override
    public void close() throws IOException {
        try (trades) {
            equity.close();
        }
    }

    private void appendEquity() throws IOException {
        equity.append(step + "," + environment.equity() + "," + environment.cash());
    }

    private @Nullable Account existing(Path equityFile) throws IOException {
        if (!Files.exists(accountFile)) {
            // The first save comes after the header and the line of step 0; with more lines the account is lost.
            if (Files.exists(equityFile) && Files.readAllLines(equityFile).size() > 2) {
                throw corrupt("there is an " + equityFile + " with trading in it, but no " + accountFile);
            }
            return null;
        }
        try {
            return Account.read(accountFile);
        } catch (MalformedException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    private void resume(Account account, Path equityFile, Path tradesFile) throws IOException {
        if (account.deployment() != trader.deployment()) {
            throw foreign("belongs to deployment %d, not %d".formatted(account.deployment(), trader.deployment()));
        }
        if (!account.modelSha256().equals(trader.modelSha256())) {
            throw foreign("was traded by the model %s, not %s".formatted(account.modelSha256(), trader.modelSha256()));
        }
        if (!Files.exists(equityFile)
                || Files.size(equityFile) < account.equityBytes()
                || !Files.exists(tradesFile)
                || Files.size(tradesFile) < account.tradesBytes()) {
            throw corrupt(accountFile + " stands at step " + account.step() + ", but " + equityFile.getFileName()
                    + " or " + tradesFile.getFileName() + " beside it ends earlier");
        }
        if (account.snapshot().row() >= environment.market().rows()
                || !bars.upTo(account.snapshot().row()).equals(account.barsSha256())) {
            throw foreign(
                    "was traded on other bars than " + environment.market().source() + " holds now");
        }
        try {
            environment.restore(account.snapshot());
        } catch (EnvironmentException e) {
            throw corrupt(accountFile + " cannot be continued: " + e.getMessage());
        }
        if (environment.equity() != account.equity()) {
            throw corrupt(accountFile + " says that the equity is " + account.equity() + ", but its holdings are worth "
                    + environment.equity());
        }
        step = account.step();
    }

    private TradingRefusedException foreign(String what) {
        return new TradingRefusedException(
                ExitCode.CONFIGURATION,
                "The paper account in " + accountFile + " " + what
                        + ". It is left as it is. Put back what belongs there, or move the directory away and `restart` to"
                        + " begin a new account.");
    }

    private TradingRefusedException corrupt(String what) {
        return new TradingRefusedException(
                ExitCode.DATA,
                "The paper account is damaged: " + what
                        + ". It is not started over silently. Restore the directory from a backup, or move it away and"
                        + " `restart` to begin a new account.");
    }
}
