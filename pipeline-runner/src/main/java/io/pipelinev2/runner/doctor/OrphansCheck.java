package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.deploy.supervision.Orphans;
import java.util.List;

/** Whether processes of this home run that its database knows nothing about. */
public final class OrphansCheck implements Check {

    private final List<Orphans.Orphan> orphans;

    /** Looks at once, while the store is open. */
    public OrphansCheck(PipelineStore store, DeploymentFiles files) {
        this.orphans = Orphans.find(store, new ProcessTable(), files);
    }

    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public List<Finding> look() {
        if (orphans.isEmpty()) {
            return List.of(Finding.ok("no process of this home runs that no deployment knows"));
        }
        return orphans.stream()
                .map(orphan -> {
                    long pid = orphan.process().identity().pid();
                    return Finding.warn(orphan.words(), "ps -fp " + pid + " shows it, kill " + pid + " ends it");
                })
                .toList();
    }
}
