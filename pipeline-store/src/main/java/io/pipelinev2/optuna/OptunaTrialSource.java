package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialGoneException;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished trials of an Optuna storage. Reads only, and briefly: it is safe beside a running optimisation.
 *
 * <p>Parameters and user attributes come as plain values: null, {@link Boolean}, {@link Long}, {@link Double},
 * {@link String}, lists and maps. What Optuna keeps and JSON cannot hold stays what it is: the choices and attributes
 * {@code NaN} and {@code Infinity} are non-finite {@code Double}s, and a whole number beyond 64 bits is a
 * {@link java.math.BigInteger}. Whoever records them must say what becomes of these.
 *
 * <p>Every call stands for itself; a call that failed may simply be made again. The storage may come into being, or
 * become readable, at any time. Safe for use by several threads.
 */
public final class OptunaTrialSource implements TrialSource {

    private static final Logger LOG = LoggerFactory.getLogger(OptunaTrialSource.class);

    private final String configured;
    private final OptunaStorage storage;
    private final StudyFilter followed;
    private final TrialDecoder decoder;

    private OptunaTrialSource(String configured, OptunaStorage storage, StudyFilter followed) {
        this.configured = configured;
        this.storage = storage;
        this.followed = followed;
        this.decoder = new TrialDecoder(configured);
    }

    /**
     * {@return the source of a storage, which is not read yet and need not exist yet}
     *
     * @param storage {@code sqlite:///PATH}, relative to the home; {@code sqlite:////PATH}, absolute; or the path of an
     *     SQLite file. Options behind a {@code ?} are ignored, with a line in the log
     * @param home the directory that relative paths start from
     * @param studies the studies to follow: names, or patterns in which {@code *} stands for any characters and
     *     {@code ?} for one. All other characters, brackets included, stand for themselves, upper and lower case are
     *     different, and {@code \*}, {@code \?}, {@code \\} name the character itself
     * @throws TrialSourceException if this is no storage, or one of a kind that cannot be read yet
     */
    public static OptunaTrialSource of(String storage, Path home, List<String> studies) {
        return of(storage, home, studies, new Notices(LOG::warn));
    }

    static OptunaTrialSource of(String storage, Path home, List<String> studies, Notices notices) {
        StorageLocation location = StorageUrl.parse(storage, home, notices);
        return new OptunaTrialSource(storage, location.storage(notices), new StudyFilter(studies, notices));
    }

    @Override
    public String storage() {
        return configured;
    }

    @Override
    public List<SourceStudy> studies() {
        return followed.of(storage.studies());
    }

    /**
     * {@inheritDoc}
     *
     * <p>The list is empty if the study is no longer there. A trial of which Optuna recorded no usable value is in the
     * list, with null for that objective.
     */
    @Override
    public List<TrialHeader> completeTrials(SourceStudy study) {
        return storage.completeTrials(study);
    }

    @Override
    public Optional<TrialCounts> counts(SourceStudy study) {
        return Optional.of(storage.counts(study));
    }

    @Override
    public TrialDetails details(SourceTrial trial) {
        TrialRows rows = storage.trial(trial).orElseThrow(() -> new TrialGoneException(trial));
        return decoder.details(trial, rows);
    }
}
