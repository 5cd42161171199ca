package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.EquityPoint;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.StoreReader;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All paper accounts, kept up to date by what is new in their ledgers: a long one is read from its beginning only once. */
public final class AccountBook {

    private static final int CHUNK = 1_000;

    private final Map<Long, Open> open = new HashMap<>();

    private static final class Open {
        private final Account.Trace trace;
        private long sequence;

        private Open(Account.Trace trace) {
            this.trace = trace;
        }
    }

    /** Those of these deployments that have begun, by deployment id. */
    synchronized Map<Long, Account> read(StoreReader tx, Collection<Deployment> deployments, Instant now) {
        Map<Long, Account> accounts = new HashMap<>();
        try {
            for (Deployment deployment : deployments) {
                long id = deployment.id();
                long last = tx.lastLedgerSequence(id);
                if (last > 0) {
                    Open account = open.get(id);
                    account = account == null || account.sequence > last
                            ? begun(tx, id, last)
                            : goOn(tx, id, account, last);
                    accounts.put(id, account.trace.at(now));
                }
            }
        } catch (RuntimeException e) {
            // what was read half would be counted twice
            open.clear();
            throw e;
        }
        open.keySet().retainAll(accounts.keySet());
        return accounts;
    }

    private Open begun(StoreReader tx, long id, long last) {
        Double capital = tx.ledger(id, 0, 1).get(0).equity();
        Open account = new Open(new Account.Trace(capital == null ? 0 : capital));
        tx.equity(id, account.trace::add);
        account.sequence = last;
        open.put(id, account);
        return account;
    }

    private static Open goOn(StoreReader tx, long id, Open account, long last) {
        while (account.sequence < last) {
            List<LedgerEntry> entries = tx.ledger(id, account.sequence, CHUNK);
            for (LedgerEntry entry : entries) {
                if (entry.step() != null && entry.equity() != null) {
                    account.trace.add(new EquityPoint(entry.step(), entry.at(), entry.equity()));
                }
                account.sequence = entry.sequence();
            }
            if (entries.isEmpty()) {
                account.sequence = last;
            }
        }
        return account;
    }
}
