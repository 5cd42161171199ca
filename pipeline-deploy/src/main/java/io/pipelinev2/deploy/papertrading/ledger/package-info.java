/**
 * The ledger of a paper account: {@code ledger.jsonl}, one JSON object per line, appended to and never changed. A bar counts
 * once its line is on disk. Every line has a number ({@code seq}, from 1, without gaps), a {@code kind}, the wall time
 * {@code at}, and last a checksum ({@code crc}), so that a line that was torn by a crash is told apart from one that is whole.
 *
 * <p>{@link io.pipelinev2.deploy.papertrading.ledger.Ledger} is its one writer, {@link
 * io.pipelinev2.deploy.papertrading.ledger.LedgerTail} reads beside it.
 */
@NullMarked
package io.pipelinev2.deploy.papertrading.ledger;

import org.jspecify.annotations.NullMarked;
