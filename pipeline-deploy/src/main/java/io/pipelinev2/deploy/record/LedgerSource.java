package io.pipelinev2.deploy.record;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import io.pipelinev2.deploy.papertrading.ledger.LedgerTail;
import io.pipelinev2.deploy.papertrading.performance.LedgerFields;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one deployment as a file, read from where the database stands. It must go on exactly there: a file that was
 * taken away, cut short, put back from an older copy, begun anew, or is another account's is told apart, and not read.
 */
final class LedgerSource {

    private final Path file;
    private @Nullable Version seen;

    /** What a file looked like; another one as soon as something is appended. */
    private record Version(@Nullable Object key, long size) {}

    LedgerSource(Path file) {
        this.file = file;
    }

    /** Whether nothing was appended to the file since it was read to its end, or there is no file, and never was one. */
    boolean isUnchanged(boolean imported) {
        Version now = version();
        return now == null ? !imported : now.equals(seen);
    }

    /** It is read again even if nothing is appended. */
    void lookAgain() {
        seen = null;
    }

    /**
     * What follows in the ledger.
     *
     * @param last the last entry in the database, or null
     * @param limit how many lines at most
     * @throws UnusableLedgerException if the file does not go on after that entry
     * @throws PipelineException if it is damaged, or cannot be read
     */
    List<LedgerLine> after(Deployment deployment, @Nullable LedgerEntry last, int limit) {
        Version before = version();
        if (before == null) {
            if (last != null) {
                throw unusable("is gone, but the database has " + last.sequence() + " of its entries");
            }
            return List.of();
        }
        long known = last == null ? 0 : last.sequence();
        // one more, the last that is known, so that it is seen to be the same
        List<LedgerLine> lines = LedgerTail.read(file, Math.max(0, known - 1), last == null ? limit : limit + 1);
        if (last != null) {
            if (lines.isEmpty()) {
                throw unusable(
                        "ends before entry " + known + ", which the database has: it was cut short, or replaced");
            }
            requireSame(lines.get(0), last);
            lines = lines.subList(1, lines.size());
        } else if (!lines.isEmpty()) {
            requireOf(deployment, lines.get(0));
        }
        if (lines.size() < limit) {
            seen = before;
        }
        if (!lines.isEmpty()) {
            force();
        }
        return lines;
    }

    /** What is read may not be on disk yet; the database must not have what the file could lose. */
    private void force() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (IOException e) {
            lookAgain();
            throw new PipelineException("Cannot make sure that the ledger " + file + " is on disk: " + e + ".", e);
        }
    }

    private void requireSame(LedgerLine line, LedgerEntry entry) {
        boolean same = line.kind().equals(entry.kind())
                && line.at().truncatedTo(ChronoUnit.MILLIS).equals(entry.at())
                && (line.kind().equals(LedgerLine.OPEN)
                        || Objects.equals(Essentials.equity(line.fields()), entry.equity()));
        if (!same) {
            throw unusable("was replaced: its entry %d is '%s' of %s, in the database it is '%s' of %s"
                    .formatted(entry.sequence(), line.kind(), line.at(), entry.kind(), entry.at()));
        }
    }

    private void requireOf(Deployment deployment, LedgerLine first) {
        Object owner = first.fields().get("deployment");
        Object model = first.fields().get(LedgerFields.MODEL);
        if (!first.kind().equals(LedgerLine.OPEN)) {
            throw unusable("does not begin with the opening of an account, but with '" + first.kind() + "'");
        }
        if (!(owner instanceof Number id) || id.longValue() != deployment.id()) {
            throw unusable("is that of deployment " + owner);
        }
        if (!deployment.modelSha256().equals(model)) {
            throw unusable("is that of another model, " + model);
        }
    }

    private UnusableLedgerException unusable(String why) {
        return new UnusableLedgerException("The ledger " + file + " " + why
                + ". Nothing of it is imported. Restore the deployment's directory from a backup, or `stop` the trial and"
                + " `deploy --new-account` it; what the database has stays.");
    }

    private @Nullable Version version() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.fileKey(), attributes.size());
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException e) {
            throw new PipelineException("Cannot look at the ledger " + file + ": " + e + ".", e);
        }
    }
}
