/**
 * Optuna's storages, read from outside: {@link io.pipelinev2.optuna.OptunaTrialSource} is the entry.
 *
 * <p>The storage belongs to somebody else, who may be writing to it at this moment. So nothing here ever writes to it,
 * repairs it or keeps it open: every question opens the storage read-only, fetches all rows, closes it, and only then
 * thinks about them. An open cursor would make the optimiser's commit wait, and Optuna gives up after five seconds.
 *
 * <p>The way from the outside in: {@code StorageUrl} says which storage is meant, an {@code OptunaStorage} (at present
 * only SQLite's) answers three questions with plain rows, {@code StudyFilter} keeps the studies that are followed, and
 * {@code TrialDecoder} turns Optuna's internal parameter values into what the objective was given. Another kind of
 * storage is another {@code OptunaStorage}; the rest does not change.
 */
@NullMarked
package io.pipelinev2.optuna;

import org.jspecify.annotations.NullMarked;
