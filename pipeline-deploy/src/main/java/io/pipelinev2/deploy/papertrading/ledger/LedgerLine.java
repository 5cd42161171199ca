package io.pipelinev2.deploy.papertrading.ledger;

import io.pipelinev2.deploy.papertrading.json.Fields;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a ledger.
 *
 * @param seq its number, from 1, without gaps
 * @param kind what it tells: one of the constants here, or a kind of a later version
 * @param at the wall time when it was written
 * @param fields what it tells beside that, as JSON-like values
 */
public record LedgerLine(long seq, String kind, Instant at, Map<String, @Nullable Object> fields) {

    /** The first line: whose account it is, by which rules, and the bars that it began with. */
    public static final String OPEN = "open";
    /** A bar was traded. */
    public static final String BAR = "bar";
    /** Which orders the trader may give has changed, and why. */
    public static final String TRADING = "trading";
    /** Something that whoever reads the account should know, such as a bar that was revised. */
    public static final String NOTICE = "notice";
    /** A process began to trade. */
    public static final String START = "start";
    /** A process ended of its own accord; one that was killed leaves no such line. */
    public static final String END = "end";

    /** Keeps a copy, in the order of the fields. */
    public LedgerLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The fields, each to be asked for with the type it must have. */
    public Fields read() {
        return new Fields("line " + seq + " of the ledger", fields);
    }
}
