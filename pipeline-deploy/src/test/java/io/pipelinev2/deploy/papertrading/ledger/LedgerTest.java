package io.pipelinev2.deploy.papertrading.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve(Ledger.NAME);
    }

    private void write(int bars) throws IOException {
        try (Ledger ledger = open(new ArrayList<>())) {
            if (ledger.lastSequence() == 0) {
                ledger.append(LedgerLine.OPEN, Map.of("deployment", 7));
            }
            for (int bar = 0; bar < bars; bar++) {
                ledger.append(LedgerLine.BAR, Map.of("step", bar, "words", "with ä, \"quotes\" and\nline feeds"));
            }
            ledger.force();
        }
    }

    private Ledger open(List<LedgerLine> seen) throws IOException {
        return Ledger.open(file(), Clock.system(), (kind, content) -> {
            LedgerLine line = content.parse();
            assertThat(line.kind()).isEqualTo(kind);
            seen.add(line);
        });
    }

    @Test
    void what_was_written_is_read_and_goes_on() throws IOException {
        write(3);
        write(2);

        List<LedgerLine> lines = new ArrayList<>();
        try (Ledger ledger = open(lines)) {
            assertThat(ledger.lastSequence()).isEqualTo(6);
            assertThat(ledger.cut()).isZero();
        }
        assertThat(lines).extracting(LedgerLine::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(lines).extracting(LedgerLine::kind).startsWith("open", "bar").endsWith("bar");
        assertThat(lines.get(3).fields()).containsEntry("step", 2).doesNotContainKeys("crc", "at", "seq");
        assertThat(Files.readAllLines(file()))
                .hasSize(6)
                .allMatch(line -> line.matches("\\{\"seq\":\\d,.*\"crc\":\"[0-9a-f]{8}\"}"));
    }

    @Test
    void a_last_line_torn_at_any_byte_is_cut_off_and_what_was_before_stays() throws IOException {
        write(2);
        byte[] before = Files.readAllBytes(file());
        write(1);
        byte[] whole = Files.readAllBytes(file());

        for (int length = before.length; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(LedgerTail.read(file(), 0, 10)).hasSize(3);
            try (Ledger ledger = open(new ArrayList<>())) {
                assertThat(ledger.lastSequence()).isEqualTo(3);
                assertThat(ledger.cut()).isEqualTo(length - before.length);
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(before);
        }
    }

    @Test
    void damage_before_the_last_line_is_refused_and_changes_nothing() throws IOException {
        write(4);
        byte[] whole = Files.readAllBytes(file());
        int lastLine =
                new String(whole, 0, whole.length - 1, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf('\n')
                        + 1;
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(lastLine - 1)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file(), damaged);

            assertThatThrownBy(() -> open(new ArrayList<>()).close())
                    .isInstanceOf(DamagedLedgerException.class)
                    .hasMessageContaining("not changed");
            assertThat(Files.readAllBytes(file())).isEqualTo(damaged);
        }
    }

    @Test
    void a_line_that_is_gone_or_there_twice_is_refused() throws IOException {
        write(4);
        List<String> lines = Files.readAllLines(file());
        List<String> without = new ArrayList<>(lines);
        without.remove(2);
        List<String> twice = new ArrayList<>(lines);
        twice.add(2, lines.get(1));
        for (List<String> damaged : List.of(without, twice)) {
            Files.write(file(), damaged);
            assertThatThrownBy(() -> open(new ArrayList<>()).close()).hasMessageContaining("line 3 is missing");
            assertThatThrownBy(() -> LedgerTail.read(file(), 0, 100)).isInstanceOf(DamagedLedgerException.class);
        }
    }

    @Test
    void the_tail_is_found_in_a_long_ledger() throws IOException {
        write(5_000);
        assertThat(Files.size(file())).isGreaterThan(400_000);

        for (long after : List.of(0L, 1L, 17L, 2_500L, 4_999L, 5_000L)) {
            assertThat(LedgerTail.read(file(), after, 3))
                    .extracting(LedgerLine::seq)
                    .first()
                    .isEqualTo(after + 1);
        }
        assertThat(LedgerTail.read(file(), 4_999, 10)).hasSize(2);
        assertThat(LedgerTail.read(file(), 5_001, 10)).isEmpty();
        assertThat(LedgerTail.read(directory.resolve("none"), 0, 10)).isEmpty();
    }
}
