package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.deploy.drift.DriftSettings;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.drift.ProvenSettings;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.record.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What traders wrote is in the database once, whatever happens meanwhile. */
class RecordingTest {

    @TempDir
    @Nullable
    Path temporary;

    private ManualClock clock;
    private Home home;
    private FlakyStore store;
    private Deployment deployment;
    private Recording recording;

    @BeforeEach
    void begin() {
        begin(temporary);
    }

    private void begin(Path directory) {
        clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
        home = new Home(directory, clock);
        store = new FlakyStore(home.store);
        deployment = deployed(1);
        recording = recording();
    }

    private Deployment deployed(int number) {
        var trial = home.validated(number, 1.0);
        return home.store.write(tx -> tx.insert(Deployment.wanted(
                trial.id(),
                trial.key(),
                home.models.keep(("m" + number).getBytes(StandardCharsets.UTF_8), "actor.pth"),
                "rank 1",
                null,
                clock.now())));
    }

    private Recording recording() {
        return new Recording(
                store,
                clock,
                this::directory,
                new PaperReview(store, clock, DriftSettings.DEFAULT, ProvenSettings.DEFAULT, 8760));
    }

    private Path directory(long id) {
        return home.directory.resolve("state/deployments/" + id);
    }

    private Path ledger() {
        return directory(deployment.id()).resolve(Ledger.NAME);
    }

    private static Map<String, @Nullable Object> opening(Deployment of) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("deployment", of.id());
        fields.put("model_sha256", of.modelSha256());
        fields.put("assets", List.of("BTC", "ETH"));
        fields.put("rules", Map.of("initial_capital", 500.0));
        fields.put("beginning", List.of(Map.of("prices", List.of(100.0, 10.0), "tech", List.of(0.1))));
        return fields;
    }

    private static Map<String, @Nullable Object> bar(long step) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("step", step);
        fields.put("bar_time", null);
        fields.put("equity", 500.0 + step);
        fields.put("cash", 500.0 + step);
        fields.put("fees", 0.0);
        fields.put("fills", List.of());
        fields.put("prices", List.of(110.0, 9.0));
        fields.put("features", List.of(0.1, 0.2, 0.3));
        return fields;
    }

    /** Appends so many lines, the opening first if there is none. */
    private void write(int lines) throws IOException {
        Files.createDirectories(directory(deployment.id()));
        try (Ledger ledger = Ledger.open(ledger(), clock, (kind, content) -> {})) {
            for (int i = 0; i < lines; i++) {
                boolean first = ledger.lastSequence() == 0;
                ledger.append(first ? "open" : "bar", first ? opening(deployment) : bar(ledger.lastSequence()));
                clock.advance(Duration.ofMillis(1_500));
            }
            ledger.force();
        }
    }

    private void tear() throws IOException {
        Files.createDirectories(directory(deployment.id()));
        Files.writeString(
                ledger(), "{\"seq\":77,\"kind\":\"bar\",\"eq", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void settle() {
        do {
            clock.advance(Duration.ofSeconds(3));
        } while (!recording.pass());
        assertThat(recording.pass()).isTrue();
    }

    private List<LedgerEntry> entries() {
        return home.store.read((StoreReader tx) -> tx.ledger(deployment.id(), 0, 100_000));
    }

    private @Nullable Object trouble() {
        return home.store.read((StoreReader tx) -> tx.findings(deployment.trialId())).stream()
                .filter(finding -> finding.name().equals(Recording.FINDING))
                .findFirst()
                .map(finding -> finding.content().get("trouble"))
                .orElse(null);
    }

    @Test
    void essentials_are_kept_and_nothing_else() throws Exception {
        write(3);
        settle();
        assertThat(entries()).extracting(LedgerEntry::kind).containsExactly("open", "bar", "bar");
        LedgerEntry bar = entries().get(2);
        assertThat(bar.sequence()).isEqualTo(3);
        assertThat(bar.at()).isEqualTo("2026-01-01T00:00:03Z");
        assertThat(bar.step()).isEqualTo(2);
        assertThat(bar.equity()).isEqualTo(502);
        assertThat(bar.content()).containsOnlyKeys("bar_time", "cash", "fees", "fills", "stopped", "benchmark");
        assertThat(bar.content().get("benchmark")).isEqualTo((110.0 / 100 + 9.0 / 10) / 2);
    }

    @Test
    void nothing_is_read_again_where_nothing_was_appended() throws Exception {
        write(5);
        settle();
        store.writes = 0;
        settle();
        assertThat(store.writes).isZero();
        write(1);
        settle();
        assertThat(entries()).hasSize(6);
    }

    @Test
    void a_long_ledger_is_imported_piece_by_piece_beside_others() throws Exception {
        write(4_100);
        Deployment other = deployment;
        deployment = deployed(2);
        write(3);
        clock.advance(Duration.ofSeconds(3));
        assertThat(recording.pass()).isFalse();
        assertThat(entries()).hasSize(3);
        settle();
        assertThat(home.store.<Long>read(tx -> tx.lastLedgerSequence(other.id())))
                .isEqualTo(4_100);
    }

    @Test
    void a_ledger_that_is_gone_is_reported_until_it_is_back() throws Exception {
        write(5);
        settle();
        Path aside = ledger().resolveSibling("aside");
        Files.move(ledger(), aside);
        settle();
        assertThat(trouble()).asString().contains("is gone, but the database has 5 of its entries");
        recording = recording();
        settle();
        assertThat(trouble()).asString().contains("is gone");
        Files.move(aside, ledger());
        write(2);
        settle();
        assertThat(trouble()).isNull();
        assertThat(entries()).hasSize(7);
    }

    @Test
    void a_ledger_that_was_begun_anew_is_not_imported() throws Exception {
        write(5);
        settle();
        Files.delete(ledger());
        clock.advance(Duration.ofHours(1));
        write(3);
        settle();
        assertThat(trouble()).asString().contains("ends before entry 5");
        write(6);
        settle();
        assertThat(trouble()).asString().contains("was replaced: its entry 5 is 'bar' of 2026-01-01T01:00");
        assertThat(entries()).hasSize(5);
    }

    @Test
    void a_ledger_that_was_cut_short_is_reported() throws Exception {
        write(5);
        settle();
        byte[] bytes = Files.readAllBytes(ledger());
        Files.write(ledger(), Arrays.copyOf(bytes, bytes.length - 10));
        settle();
        assertThat(trouble()).asString().contains("ends before entry 5");
        Files.write(ledger(), bytes);
        settle();
        assertThat(trouble()).isNull();
    }

    @Test
    void a_ledger_of_another_account_is_refused() throws Exception {
        write(2);
        Deployment other = deployment;
        deployment = deployed(2);
        Files.createDirectories(directory(deployment.id()));
        Files.copy(directory(other.id()).resolve(Ledger.NAME), ledger());
        settle();
        assertThat(trouble()).asString().contains("is that of deployment " + other.id());
        assertThat(entries()).isEmpty();
    }

    @Test
    void a_damaged_ledger_is_reported_and_what_comes_before_stays() throws Exception {
        write(3);
        settle();
        String text = Files.readString(ledger());
        Files.writeString(ledger(), text + "rubbish\n" + "more rubbish\n");
        settle();
        assertThat(trouble()).asString().contains("damaged");
        assertThat(entries()).hasSize(3);
    }

    @Test
    void what_cannot_be_reviewed_is_imported_all_the_same() throws Exception {
        write(1);
        try (Ledger ledger = Ledger.open(ledger(), clock, (kind, content) -> {})) {
            ledger.append("bar", Map.of("step", 1));
            ledger.force();
        }
        settle();
        write(2);
        settle();
        assertThat(entries()).hasSize(4);
        assertThat(trouble()).asString().contains("cannot be reviewed").contains("entry 2");
    }

    @Test
    void a_user_of_an_own_trader_is_not_bothered() {
        settle();
        assertThat(trouble()).isNull();
        assertThat(entries()).isEmpty();
    }

    @Test
    void a_store_that_fails_is_said_so_and_the_next_pass_goes_on() throws Exception {
        write(3);
        clock.advance(Duration.ofSeconds(3));
        store.failBefore = true;
        assertThatThrownBy(recording::pass).isInstanceOf(StoreException.class);
        settle();
        assertThat(entries()).hasSize(3);
    }

    enum Happening {
        APPENDS_ONE,
        APPENDS_MANY,
        TEARS_A_LINE,
        PASSES,
        FAILS_BEFORE_THE_COMMIT,
        FAILS_AFTER_THE_COMMIT,
        BEGINS_ANEW
    }

    @Property(tries = 150)
    void each_line_is_imported_exactly_once(@ForAll @Size(max = 40) List<Happening> happenings) throws Exception {
        Path directory = Files.createTempDirectory("recording");
        try {
            begin(directory);
            for (Happening happening : happenings) {
                clock.advance(Duration.ofSeconds(3));
                switch (happening) {
                    case APPENDS_ONE -> write(1);
                    case APPENDS_MANY -> write(700);
                    case TEARS_A_LINE -> tear();
                    case PASSES -> recording.pass();
                    case FAILS_BEFORE_THE_COMMIT -> failing(() -> store.failBefore = true);
                    case FAILS_AFTER_THE_COMMIT -> failing(() -> store.failAfter = true);
                    case BEGINS_ANEW -> recording = recording();
                }
            }
            write(1);
            settle();
            long written = Files.readAllLines(ledger()).size();
            assertThat(entries()).hasSize((int) written);
            long sequence = 0;
            for (LedgerEntry entry : entries()) {
                assertThat(entry.sequence()).isEqualTo(++sequence);
                assertThat(entry.equity()).isEqualTo(500.0 + sequence - 1);
            }
            assertThat(trouble()).isNull();
        } finally {
            delete(directory);
        }
    }

    private void failing(Runnable how) {
        how.run();
        try {
            recording.pass();
        } catch (StoreException expected) {
            // the next pass goes on
        }
        store.failBefore = false;
        store.failAfter = false;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Fails before or after the commit of a write. */
    private static final class FlakyStore implements PipelineStore {

        private final PipelineStore real;
        private boolean failBefore;
        private boolean failAfter;
        private int writes;

        FlakyStore(PipelineStore real) {
            this.real = real;
        }

        @Override
        public <T> T read(Function<StoreReader, T> work) {
            return real.read(work);
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            writes++;
            if (failBefore) {
                failBefore = false;
                throw new StoreException("the disk is full", null);
            }
            T result = real.write(work);
            if (failAfter) {
                failAfter = false;
                throw new StoreException("the connection was lost", null);
            }
            return result;
        }

        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
