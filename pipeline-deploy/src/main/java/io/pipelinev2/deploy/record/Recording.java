package io.pipelinev2.deploy.record;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the ledgers of all deployments into the database and has their accounts reviewed. Each line is imported once: a
 * piece of a ledger is appended in one transaction, and the store refuses an entry that does not follow the last. After a
 * crash the database says how far it was.
 *
 * <p>A pass does a bounded amount of work, and none but a look at the files' sizes where nothing was appended. What keeps a
 * ledger from being imported is the finding {@value #FINDING} of its trial, until it is overcome.
 *
 * <p>One thread at a time may call it, and one process per store.
 */
public final class Recording {

    /** The finding that says why a ledger is not imported. */
    public static final String FINDING = "ledger";

    private static final Logger LOG = LoggerFactory.getLogger(Recording.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int LINES_AT_A_TIME = 500;
    private static final int ENTRIES_A_PASS = 2_000;

    /** A pass ends early after so long, because a first comparison takes a while; the next one goes on. */
    private static final Duration LONGEST_PASS = Duration.ofMillis(250);

    private static final String TROUBLE = "trouble";

    private final PipelineStore store;
    private final Clock clock;
    private final LongFunction<Path> directories;
    private final PaperReview review;
    private final Map<Long, Account> accounts = new HashMap<>();
    private final Map<Long, @Nullable String> troubles = new HashMap<>();
    private boolean complete;
    private long lastPass;
    private int turn;

    /**
     * @param directories the state directory of a deployment by its id
     */
    public Recording(PipelineStore store, Clock clock, LongFunction<Path> directories, PaperReview review) {
        this.store = store;
        this.clock = clock;
        this.directories = directories;
        this.review = review;
    }

    /**
     * Imports what was appended, as far as a pass goes, and reviews the accounts that went on. A pass that comes too soon
     * after one that left nothing to do does nothing.
     *
     * @return whether the database has all that was in the ledgers and could be imported
     * @throws PipelineException if the store cannot be read or written; nothing is lost, the next pass goes on
     */
    public boolean pass() {
        if (complete && clock.nanoTime() - lastPass < PERIOD.toNanos()) {
            return true;
        }
        List<Deployment> deployments = store.read(StoreReader::deployments);
        keepOnly(deployments.stream().map(Deployment::id).collect(Collectors.toSet()));
        complete = importAll(deployments);
        lastPass = clock.nanoTime();
        return complete;
    }

    private void keepOnly(Set<Long> ids) {
        accounts.keySet().retainAll(ids);
        troubles.keySet().retainAll(ids);
        review.keepOnly(ids);
    }

    /** Begins with another one each time, so that one with a long ledger does not hold up the others. */
    private boolean importAll(List<Deployment> deployments) {
        int left = ENTRIES_A_PASS;
        boolean all = true;
        long start = clock.nanoTime();
        turn++;
        for (int i = 0; i < deployments.size(); i++) {
            Deployment deployment = deployments.get(Math.floorMod(turn + i, deployments.size()));
            Account account = accounts.computeIfAbsent(
                    deployment.id(), id -> new Account(id, directories.apply(id).resolve(Ledger.NAME)));
            if (account.isClosed(deployment.version())) {
                continue;
            }
            if (left <= 0 || clock.nanoTime() - start > LONGEST_PASS.toNanos()) {
                all = false;
                continue;
            }
            int done = importOne(deployment, account, Math.min(left, LINES_AT_A_TIME));
            left -= done;
            boolean caughtUp = done < LINES_AT_A_TIME && settle(deployment, account);
            all &= caughtUp;
        }
        return all;
    }

    /** @return how many lines were imported */
    private int importOne(Deployment deployment, Account account, int limit) {
        if (!account.isKnown()) {
            store.read(account::learn);
        }
        List<LedgerLine> lines;
        try {
            if (account.source().isUnchanged(account.lastSequence() > 0)) {
                return 0;
            }
            lines = account.source().after(deployment, account.last(), limit);
        } catch (PipelineException e) {
            account.source().lookAgain();
            report(deployment, String.valueOf(e.getMessage()));
            return 0;
        }
        report(deployment, account.complaint());
        if (!lines.isEmpty()) {
            append(account, entries(deployment, account, lines));
        }
        return lines.size();
    }

    private static List<LedgerEntry> entries(Deployment deployment, Account account, List<LedgerLine> lines) {
        double[] beginning = account.beginning();
        List<LedgerEntry> entries = new ArrayList<>(lines.size());
        for (LedgerLine line : lines) {
            LedgerEntry entry = Essentials.of(deployment.id(), line, beginning);
            if (entry.sequence() == 1) {
                beginning = Account.pricesOf(entry);
            }
            entries.add(entry);
        }
        return entries;
    }

    private void append(Account account, List<LedgerEntry> entries) {
        boolean appended = false;
        try {
            store.write(tx -> {
                tx.append(entries);
                return null;
            });
            appended = true;
        } finally {
            if (!appended) {
                // it may have been written all the same, or by somebody else: the database says
                account.forget();
            }
        }
        account.appended(entries);
    }

    /**
     * Has an account reviewed that is known to its end.
     *
     * @return whether it is
     */
    private boolean settle(Deployment deployment, Account account) {
        if (account.lastSequence() == 0 || account.complaint() != null) {
            return true;
        }
        boolean ended = !deployment.occupiesSlot();
        try {
            PaperRecord record = account.record();
            if (record.sequence() < account.lastSequence()) {
                List<LedgerEntry> page =
                        store.read(tx -> tx.ledger(deployment.id(), record.sequence(), ENTRIES_A_PASS));
                page.forEach(record::add);
            }
            if (record.sequence() < account.lastSequence()) {
                return false;
            }
            review.review(deployment, record, ended);
        } catch (IllegalArgumentException e) {
            account.complain("What the ledger of its account says cannot be reviewed: " + e.getMessage() + ".");
            report(deployment, account.complaint());
        }
        if (ended) {
            account.close(deployment.version());
        }
        return true;
    }

    private void report(Deployment deployment, @Nullable String trouble) {
        if (troubles.containsKey(deployment.id()) && Objects.equals(troubles.get(deployment.id()), trouble)) {
            return;
        }
        boolean news = store.read(tx -> isNews(tx, deployment, trouble));
        if (news) {
            store.write(tx -> {
                if (isNews(tx, deployment, trouble)) {
                    Map<String, @Nullable Object> content = new LinkedHashMap<>();
                    content.put("deployment", deployment.id());
                    content.put(TROUBLE, trouble);
                    tx.put(new Finding(deployment.trialId(), FINDING, null, content, store.now()));
                }
                return null;
            });
            try (TrialLog log = TrialLog.of(deployment.key(), "deploy")) {
                if (trouble == null) {
                    LOG.info(
                            "Trial {}: the ledger of deployment {} is imported again",
                            deployment.key(),
                            deployment.id());
                } else {
                    LOG.warn(DeployLogCode.LEDGER_TROUBLE, "Trial {}: {}", deployment.key(), trouble);
                }
            }
        }
        troubles.put(deployment.id(), trouble);
    }

    /** There is no finding as long as there never was any trouble. */
    private static boolean isNews(StoreReader tx, Deployment deployment, @Nullable String trouble) {
        return tx.findings(deployment.trialId()).stream()
                .filter(finding -> finding.name().equals(FINDING))
                .map(Finding::content)
                .filter(content -> content.get("deployment") instanceof Number id && id.longValue() == deployment.id())
                .findFirst()
                .map(content -> !Objects.equals(content.get(TROUBLE), trouble))
                .orElse(trouble != null);
    }
}
