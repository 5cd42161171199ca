package io.pipelinev2.bench;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The two ways in which db-scheduler makes one task follow another. */
enum TaskChain {

    /** The row of the finished task becomes the row of the next one: two writes a task. */
    REPLACE {
        @Override
        Task<Void> link(String name, String next) {
            return Tasks.custom(name, Void.class)
                    .execute((instance, context) -> new CompletionHandler.OnCompleteReplace<Void, Void>(
                            done -> SchedulableInstance.of(new TaskInstance<>(next, done.getId()), Instant.now())));
        }
    },

    /** The task schedules the next one and is then removed: three writes a task. */
    SCHEDULE {
        @Override
        Task<Void> link(String name, String next) {
            return Tasks.oneTime(name)
                    .execute((instance, context) -> context.getSchedulerClient()
                            .scheduleIfNotExists(new TaskInstance<>(next, instance.getId()), Instant.now()));
        }
    };

    /** A task that does nothing and is followed by another. */
    abstract Task<Void> link(String name, String next);

    /** The tasks of one trial, last first; the end of the last is counted when it is on the disk. */
    List<Task<?>> tasks(List<String> names, CountDownLatch left) {
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < names.size() - 1; i++) {
            tasks.add(link(names.get(i), names.get(i + 1)));
        }
        tasks.add(Tasks.custom(names.get(names.size() - 1), Void.class)
                .execute((instance, context) -> (complete, operations) -> {
                    operations.remove();
                    left.countDown();
                }));
        return Collections.unmodifiableList(tasks);
    }
}
