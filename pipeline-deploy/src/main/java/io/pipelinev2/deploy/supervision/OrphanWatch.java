package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.supervision.Orphans.Orphan;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells, once for each process, of those that nobody knows. It never ends one: somebody may need it, and can say so. */
final class OrphanWatch {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int RECENT_EVENTS = 1_000;

    private final Facilities facilities;
    private final Set<String> told = new HashSet<>();
    private boolean looked;
    private long lastLook;

    OrphanWatch(Facilities facilities) {
        this.facilities = facilities;
    }

    /** Looks at all processes of the machine, which takes milliseconds, and so not at every call. */
    void look() {
        long now = facilities.clock().nanoTime();
        if (looked && now - lastLook < INTERVAL.toNanos()) {
            return;
        }
        looked = true;
        lastLook = now;
        for (Orphan orphan : Orphans.find(facilities.register().store(), facilities.table(), facilities.files())) {
            if (told.add(orphan.words())) {
                tell(orphan);
            }
        }
    }

    private void tell(Orphan orphan) {
        // It carries the pid: an earlier supervisor that told of the same process used the same words.
        boolean toldBefore = facilities
                .register()
                .store()
                .read(tx -> tx.events(orphan.trialId().orElse(null), RECENT_EVENTS).stream()
                        .anyMatch(event -> event.type() == EventType.DEPLOYMENT_ORPHANED
                                && event.message().equals(orphan.words())));
        if (toldBefore) {
            return;
        }
        LOG.warn(DeployLogCode.ORPHAN, "{}", orphan.words());
        facilities
                .register()
                .append(new Event(
                        0,
                        facilities.now(),
                        EventType.DEPLOYMENT_ORPHANED,
                        orphan.trialId().orElse(null),
                        null,
                        "pipeline",
                        "deployer",
                        orphan.words()));
    }
}
