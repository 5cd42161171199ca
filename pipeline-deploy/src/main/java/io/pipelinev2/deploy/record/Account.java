package io.pipelinev2.deploy.record;

import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.papertrading.performance.LedgerFields;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one deployment's account: how far the database has it, and what became of it by then. */
final class Account {

    private final long id;
    private final LedgerSource source;
    private boolean known;
    private @Nullable LedgerEntry last;
    private double @Nullable [] beginning;
    private @Nullable PaperRecord record;
    private @Nullable String complaint;
    private long settledVersion = -1;

    Account(long id, Path ledger) {
        this.id = id;
        this.source = new LedgerSource(ledger);
    }

    LedgerSource source() {
        return source;
    }

    /** The last entry in the database, or null if it has none. */
    @Nullable
    LedgerEntry last() {
        return last;
    }

    long lastSequence() {
        LedgerEntry entry = last;
        return entry == null ? 0 : entry.sequence();
    }

    /** The prices at which the account began, or null. */
    double @Nullable [] beginning() {
        return beginning;
    }

    boolean isKnown() {
        return known;
    }

    /** Learns from the database how far it is. */
    Account learn(StoreReader tx) {
        long sequence = tx.lastLedgerSequence(id);
        last = sequence == 0 ? null : tx.ledger(id, sequence - 1, 1).get(0);
        beginning = sequence == 0 ? null : pricesOf(tx.ledger(id, 0, 1).get(0));
        known = true;
        return this;
    }

    /** Why the account cannot be reviewed, or null. It is imported all the same. */
    @Nullable
    String complaint() {
        return complaint;
    }

    void complain(String why) {
        complaint = why;
        record = null;
    }

    /** Takes nothing for granted that was not read from the database. */
    void forget() {
        known = false;
        record = null;
        complaint = null;
        settledVersion = -1;
        source.lookAgain();
    }

    static double @Nullable [] pricesOf(LedgerEntry opening) {
        return Essentials.prices(opening.content().get(LedgerFields.PRICES));
    }

    /** The database has these, too, now. */
    void appended(List<LedgerEntry> entries) {
        LedgerEntry first = entries.get(0);
        if (first.sequence() == 1) {
            beginning = pricesOf(first);
        }
        last = entries.get(entries.size() - 1);
    }

    /** What became of the account, as far as it was read. */
    PaperRecord record() {
        PaperRecord current = record == null ? new PaperRecord() : record;
        record = current;
        return current;
    }

    /** Frees what was read. */
    void close(long version) {
        record = null;
        settledVersion = version;
    }

    /** Whether it was closed, and nothing was done to the deployment since. */
    boolean isClosed(long version) {
        return settledVersion == version;
    }
}
