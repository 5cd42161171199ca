package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kill switch of a home: the file that traders go by, and the record beside it. */
class HomeOrdersTest {

    private static final Operator ANA = new Operator("ana", "cli");

    @TempDir
    Path directory;

    private final PipelineStore store = new InMemoryPipelineStore(new ManualClock());

    private HomeOrders orders() {
        return new HomeOrders(store, directory);
    }

    private Path file() {
        return directory.resolve("state").resolve("KILL");
    }

    private String setting() {
        return store.read(tx -> tx.setting(HomeOrders.SETTING)).orElseThrow();
    }

    private List<EventType> events() {
        return store.read(tx -> tx.events(null, 100)).stream().map(Event::type).toList();
    }

    @Test
    void a_halt_is_a_file_that_says_who_and_why_and_a_record() throws Exception {
        assertThat(orders().position().orders()).isEqualTo(TradingState.ACTIVE);

        assertThat(orders().halt(TradingState.HALTED, "the exchange\nis odd", ANA))
                .isEqualTo(
                        "All traders of this home are halted from their next bar on: they give no orders at all, not even"
                                + " sales; positions stay as they are, on paper. Their processes go on. `resume` ends that.");
        assertThat(Files.readAllLines(file()).get(0)).startsWith("halted at ").endsWith(" by ana: the exchange is odd");
        assertThat(orders().position().orders()).isEqualTo(TradingState.HALTED);
        assertThat(setting()).isEqualTo("halted");

        assertThat(orders().halt(TradingState.HALTED, "again", ANA)).contains("are halted already: halted at ", "odd");
        assertThat(events()).containsExactly(EventType.OPERATOR_HALT);

        assertThat(orders().resume("fine", ANA)).startsWith("The traders of this home give orders again");
        assertThat(file()).doesNotExist();
        assertThat(setting()).isEqualTo("active");
        assertThat(orders().resume("", ANA)).isEqualTo("The traders of this home are not halted.");
        assertThat(events()).containsExactly(EventType.OPERATOR_RESUME, EventType.OPERATOR_HALT);
    }

    @Test
    void one_kind_of_halt_may_follow_the_other() {
        orders().halt(TradingState.REDUCING, "", ANA);
        assertThat(orders().position().orders()).isEqualTo(TradingState.REDUCING);
        orders().halt(TradingState.HALTED, "", ANA);
        assertThat(orders().position().orders()).isEqualTo(TradingState.HALTED);
        assertThatIllegalArgumentException().isThrownBy(() -> orders().halt(TradingState.ACTIVE, "", ANA));
    }

    @ParameterizedTest
    @CsvSource({"'',halted", "reducing,reducing", "'  Reducing: sell only',reducing", "reduce,halted", "stop,halted"})
    void a_file_made_by_hand_counts(String content, String state) throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), content);

        assertThat(orders().position().orders()).isEqualTo(TradingState.of(state));
        assertThat(orders().resume("", ANA)).startsWith("The traders of this home give orders again");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_halt_of_what_a_file_made_by_hand_halts_already_is_recorded() throws Exception {
        Files.createDirectories(file().getParent());
        Files.createFile(file());

        orders().halt(TradingState.HALTED, "to last", ANA);

        assertThat(setting()).isEqualTo("halted");
        assertThat(events()).containsExactly(EventType.OPERATOR_HALT);
        assertThat(orders().position().words()).endsWith("by ana: to last");
    }

    @Test
    void one_that_was_removed_by_hand_is_over_and_can_be_made_again() throws Exception {
        orders().halt(TradingState.HALTED, "", ANA);
        Files.delete(file());
        assertThat(orders().position().orders()).isEqualTo(TradingState.ACTIVE);

        orders().halt(TradingState.HALTED, "", ANA);
        assertThat(file()).exists();
    }

    @Test
    void what_cannot_be_read_stops_everything() throws Exception {
        Files.createDirectories(file());
        assertThat(orders().position().orders()).isEqualTo(TradingState.HALTED);
    }

    @Test
    void a_halt_is_in_force_even_if_it_cannot_be_recorded() {
        HomeOrders orders = new HomeOrders(new Broken(), directory);
        assertThatThrownBy(() -> orders.halt(TradingState.HALTED, "", ANA)).isInstanceOf(StoreException.class);
        assertThat(orders.position().orders()).isEqualTo(TradingState.HALTED);
    }

    @Test
    void a_resume_that_cannot_be_recorded_changes_nothing() {
        orders().halt(TradingState.HALTED, "", ANA);
        HomeOrders orders = new HomeOrders(new Broken(), directory);
        assertThatThrownBy(() -> orders.resume("", ANA)).isInstanceOf(StoreException.class);
        assertThat(orders.position().orders()).isEqualTo(TradingState.HALTED);
    }

    @Test
    void a_switch_that_cannot_be_put_or_lifted_is_named_with_the_way_out() throws Exception {
        Files.createDirectories(file().resolveSibling("KILL.tmp"));
        assertThatThrownBy(() -> orders().halt(TradingState.HALTED, "", ANA))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("by hand");
        assertThat(events()).isEmpty();

        Files.createDirectories(file().resolve("something"));
        assertThatThrownBy(() -> orders().resume("", ANA))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("Remove it by hand; until then no orders are given");
    }

    private final class Broken implements PipelineStore {
        @Override
        public <T> T read(Function<StoreReader, T> work) {
            return store.read(work);
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            throw new StoreException("the disk is full");
        }

        @Override
        public Instant now() {
            return store.now();
        }

        @Override
        public void close() {}
    }
}
