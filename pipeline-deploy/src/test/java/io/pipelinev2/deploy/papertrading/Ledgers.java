package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import io.pipelinev2.deploy.papertrading.ledger.LedgerTail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a ledger tells, as tests ask for it. */
record Ledgers(List<LedgerLine> lines) {

    static Ledgers in(Path directory) {
        return new Ledgers(LedgerTail.read(directory.resolve(Ledger.NAME), 0, Integer.MAX_VALUE));
    }

    List<String> kinds() {
        return lines.stream().map(LedgerLine::kind).toList();
    }

    List<LedgerLine> of(String kind) {
        return lines.stream().filter(line -> line.kind().equals(kind)).toList();
    }

    Bars bars() {
        return new Bars(of(LedgerLine.BAR));
    }

    record Bars(List<LedgerLine> list) {
        int size() {
            return list.size();
        }

        LedgerLine getLast() {
            return list.get(list.size() - 1);
        }

        LedgerLine step(int step) {
            return list.get(step - 1);
        }
    }

    /** All of each bar but its number in the file and the wall time. */
    List<Map<String, @Nullable Object>> outcomes() {
        return bars().list().stream().map(LedgerLine::fields).toList();
    }

    List<Double> equity() {
        return numbers("equity");
    }

    List<Double> cash() {
        return numbers("cash");
    }

    private List<Double> numbers(String name) {
        return bars().list().stream().map(line -> line.read().number(name)).toList();
    }

    List<Map<?, ?>> fills() {
        List<Map<?, ?>> fills = new ArrayList<>();
        for (LedgerLine bar : bars().list()) {
            for (Object fill : (List<?>) new LinkedHashMap<>(bar.fields()).get("fills")) {
                fills.add((Map<?, ?>) fill);
            }
        }
        return fills;
    }

    /** Those after the first, which a backtest has before its first step. */
    static List<Double> equity(BacktestResult result) {
        return afterTheFirst(result.equity());
    }

    static List<Double> cash(BacktestResult result) {
        return afterTheFirst(result.cash());
    }

    private static List<Double> afterTheFirst(double[] values) {
        return Arrays.stream(values).skip(1).boxed().toList();
    }

    /** Where the last line of this kind ends in the bytes of the file. */
    static int endOf(String kind, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf("\"kind\":\"" + kind + "\"");
        return text.indexOf('\n', last) + 1;
    }
}
