package io.pipelinev2.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private final InMemoryPipelineStore store = new InMemoryPipelineStore();

    private Pipeline pipeline(TrialSource source) {
        return Pipeline.builder()
                .store(store)
                .source(source)
                .stage(Stage.of("one", context -> StageOutcome.passed("fine")))
                .build();
    }

    private List<Trial> trials() {
        return store.read(StoreReader::trials);
    }

    private List<Study> studies() {
        return store.read(StoreReader::studies);
    }

    private List<Event> events() {
        return store.read(tx -> tx.events(null, 10));
    }

    @Test
    void finds_each_trial_once_in_whatever_order_they_finish() {
        InMemoryTrialSource source = new InMemoryTrialSource().add("s", 3, 0.3).add("s", 1, 0.1);
        Pipeline pipeline = pipeline(source);
        assertThat(pipeline.discoverTrials()).containsExactly(new TrialKey("s", 1), new TrialKey("s", 3));
        assertThat(pipeline.discoverTrials()).isEmpty();
        source.add("s", 0, 0.0).add("s", 2, 0.2);
        assertThat(pipeline.discoverTrials()).containsExactly(new TrialKey("s", 0), new TrialKey("s", 2));
        assertThat(trials()).extracting(Trial::batch).containsExactly(2L, 1L, 2L, 1L);
    }

    @Test
    void the_same_number_in_two_studies_is_two_trials() {
        Pipeline pipeline = pipeline(new InMemoryTrialSource()
                .add("a", 5, 1.0)
                .add("b", Direction.MINIMIZE, 5, Double.NEGATIVE_INFINITY, java.util.Map.of()));
        assertThat(pipeline.discoverTrials()).hasSize(2);
        Trial b = store.read(tx -> tx.trial(new TrialKey("b", 5))).orElseThrow();
        assertThat(b.value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(b.direction()).isEqualTo(Direction.MINIMIZE);
    }

    @Test
    void an_undefined_value_is_null() {
        pipeline(new InMemoryTrialSource().add("s", 0, Double.NaN)).discoverTrials();
        assertThat(store.read(tx -> tx.trial(new TrialKey("s", 0)))
                        .orElseThrow()
                        .value())
                .isNull();
    }

    @Test
    void a_study_that_was_deleted_and_made_anew_gives_new_trials_and_keeps_the_old_ones_apart() {
        List<TrialHeader> headers = new ArrayList<>(List.of(header(0, "2026-01-01 00:00:00.000001")));
        Pipeline pipeline = pipeline(source(headers));
        pipeline.discoverTrials();
        headers.set(0, header(0, "2026-02-02 00:00:00.000001"));
        headers.add(header(1, "2026-02-02 00:00:01.000001"));

        assertThat(pipeline.discoverTrials()).containsExactly(new TrialKey("s", 0), new TrialKey("s", 1));
        assertThat(pipeline.discoverTrials()).isEmpty();

        assertThat(studies()).extracting(Study::label).containsExactly("s@1", "s");
        assertThat(trials()).extracting(trial -> trial.key().toString()).containsExactly("s/0", "s/1", "s@1/0");
        assertThat(events()).anySatisfy(event -> assertThat(event.type()).isEqualTo(EventType.STUDY_REBORN));
    }

    @Test
    void a_source_that_cannot_be_read_changes_nothing() {
        Pipeline pipeline = pipeline(new TrialSource() {
            @Override
            public String storage() {
                return "gone";
            }

            @Override
            public List<SourceStudy> studies() {
                throw new TrialSourceException("gone.db does not exist");
            }

            @Override
            public List<TrialHeader> completeTrials(SourceStudy study) {
                return List.of();
            }

            @Override
            public TrialDetails details(SourceTrial trial) {
                return TrialDetails.NONE;
            }
        });
        assertThatThrownBy(pipeline::discoverTrials).hasMessage("gone.db does not exist");
        assertThat(pipeline.status().lastCheck()).isNull();
        assertThat(trials()).isEmpty();
    }

    @Test
    void records_how_many_trials_were_tried_though_nothing_is_new() {
        InMemoryTrialSource source = new InMemoryTrialSource().add("s", 1, 0.1).pruned("s", 3);
        Pipeline pipeline = pipeline(source);
        pipeline.discoverTrials();
        assertThat(studies()).extracting(Study::counts).containsExactly(new TrialCounts(1, 3));

        source.pruned("s", 4);
        assertThat(pipeline.discoverTrials()).isEmpty();
        assertThat(studies()).extracting(Study::counts).containsExactly(new TrialCounts(1, 4));
    }

    private static TrialHeader header(int number, String startedAt) {
        return new TrialHeader(new SourceTrial("s", 1, number + 1L, number, startedAt), List.of(1.0));
    }

    private static TrialSource source(List<TrialHeader> headers) {
        return new TrialSource() {
            @Override
            public String storage() {
                return "test";
            }

            @Override
            public List<SourceStudy> studies() {
                return List.of(new SourceStudy(1, "s", List.of(Direction.MAXIMIZE)));
            }

            @Override
            public List<TrialHeader> completeTrials(SourceStudy study) {
                return List.copyOf(headers);
            }

            @Override
            public TrialDetails details(SourceTrial trial) {
                return TrialDetails.NONE;
            }
        };
    }
}
