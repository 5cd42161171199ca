package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFilesTest {

    @TempDir
    Path directory;

    private Path val;

    @BeforeEach
    void makeVal() throws IOException {
        val = Files.createDirectory(directory.resolve("val"));
    }

    @Test
    void one_file_per_asset_is_read_in_alphabetical_order_and_says_so() throws IOException {
        write("ETH.csv", Csv.walk(50));
        write("BTC.csv", Csv.walk(50));

        MarketData market = MarketData.load(directory);

        assertThat(market.assetNames()).containsExactly("BTC", "ETH");
        assertThat(market.rows()).isEqualTo(50 - TechnicalFeatures.WARM_UP);
        assertThat(market.features()).isEqualTo(28);
        assertThat(market.firstTime()).hasValue(Csv.START + 33 * Csv.HOUR);
        assertThat(market.lastTime()).hasValue(Csv.START + 49 * Csv.HOUR);
        assertThat(market.trainingFallback()).isFalse();
        assertThat(market.price(0, 0)).isEqualTo(market.tech(0, 3));
        assertThat(market.warnings()).singleElement().asString().contains("alphabetical", "BTC ETH", "data.assets");
    }

    @Test
    void the_order_of_assets_is_the_configured_one() throws IOException {
        write("ETH.csv", Csv.walk(40));
        write("BTC.csv", scaled(Csv.walk(40)));
        write("OTHER.csv", "not even bars");

        MarketData market = load(MarketDataSettings.of(directory).withAssets(List.of("ETH", "BTC")));

        assertThat(market.assetNames()).containsExactly("ETH", "BTC");
        assertThat(market.price(0, 0)).isLessThan(1000);
        assertThat(market.price(0, 1)).isGreaterThan(1000);
        assertThat(market.warnings()).isEmpty();
    }

    @Test
    void a_configured_asset_without_a_file_may_still_come() throws IOException {
        write("ETH.csv", Csv.walk(40));

        assertThatThrownBy(() -> load(MarketDataSettings.of(directory).withAssets(List.of("ETH", "btc"))))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("btc.csv");
    }

    @Test
    void one_file_with_an_asset_column_gives_the_same_data() throws IOException {
        write("A.csv", Csv.walk(40));
        write("B.csv", Csv.walk(40));
        MarketData apart = MarketData.load(directory);
        Files.delete(val.resolve("A.csv"));
        Files.delete(val.resolve("B.csv"));
        String header = "Symbol,TimeStamp,Open,High,Low,Close,Volume\n";
        write("all.CSV", Csv.walk(40, Long::toString, "B,", header) + Csv.walk(40, Long::toString, "A,", ""));

        MarketData together = MarketData.load(directory);

        assertThat(together.sha256()).isEqualTo(apart.sha256());
        assertThat(together.assetNames()).containsExactly("A", "B");
        assertThat(load(MarketDataSettings.of(directory).withAssets(List.of("B")))
                        .assetNames())
                .containsExactly("B");
        assertThatThrownBy(() -> load(MarketDataSettings.of(directory).withAssets(List.of("B", "C"))))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("no bars of C");
    }

    @Test
    void a_file_with_several_assets_beside_others_is_refused() throws IOException {
        write("A.csv", Csv.walk(40));
        write(
                "B.csv",
                "asset,time,open,high,low,close,volume\nX,2024-01-01T00:00Z,1,1,1,1,1\nY,2024-01-01T01:00Z,1,1,1,1,1");

        refused("B.csv, line 3", "'Y' after bars of 'X'");
    }

    @Test
    void columns_are_found_by_name_whatever_else_is_there() throws IOException {
        String walk = Csv.walk(40);
        write("A.csv", walk);
        MarketData plain = MarketData.load(directory);
        StringBuilder other = new StringBuilder("\uFEFF\"VOLUME\", note ,Close,LOW,High,open,DateTime\r\n");
        walk.lines().skip(1).forEach(line -> {
            String[] f = line.split(",");
            other.append(String.join(",", f[5], "\"a \"\"note\"\", quoted\"", f[4], f[3], f[2], f[1], f[0]))
                    .append("\r\n\r\n");
        });
        write("A.csv", other.toString());

        assertThat(MarketData.load(directory).sha256()).isEqualTo(plain.sha256());
    }

    @Test
    void times_may_be_written_in_several_ways() throws IOException {
        List<LongFunction<String>> ways = List.of(
                time -> Long.toString(time),
                time -> Long.toString(time / 1000),
                time -> time / 1000 + ".0",
                time -> Instant.ofEpochMilli(time)
                        .atOffset(ZoneOffset.ofHours(2))
                        .toString(),
                time -> LocalDateTime.ofEpochSecond(time / 1000, 0, ZoneOffset.UTC)
                                .toString()
                                .replace('T', ' ') + ":00+0000",
                time -> LocalDateTime.ofEpochSecond(time / 1000, 0, ZoneOffset.UTC) + " UTC");
        for (LongFunction<String> way : ways) {
            write("A.csv", Csv.walk(36, way, "", Csv.HEADER));

            assertThat(MarketData.load(directory).firstTime()).hasValue(Csv.START + 33 * Csv.HOUR);
        }
    }

    @Test
    void a_time_without_a_zone_needs_the_configured_one() throws IOException {
        write("A.csv", Csv.walk(36, CsvFilesTest::local, "", Csv.HEADER));

        refused("A.csv, line 2", "'2024-01-01T00:00'", "no time zone", "data.time_zone");
        MarketData market = load(MarketDataSettings.of(directory).withTimeZone(ZoneId.of("Europe/Berlin")));
        assertThat(market.firstTime()).hasValue(Csv.START + 32 * Csv.HOUR);
    }

    @ParameterizedTest
    @CsvSource({"2024-03-31T02:30:00,never was in Europe/Berlin", "2024-10-27T02:30:00,was twice in Europe/Berlin"})
    void a_time_at_which_clocks_changed_is_refused(String time, String why) throws IOException {
        write("A.csv", Csv.HEADER + time + ",1,1,1,1,1\n");

        assertThatThrownBy(() -> load(MarketDataSettings.of(directory).withTimeZone(ZoneId.of("Europe/Berlin"))))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("UTC");
    }

    @ParameterizedTest
    @CsvSource({
        "20240101,between 1973 and 2200",
        "20240101120000,between 1973 and 2200",
        "1704067200000000,not a whole number",
        "1704067200.5,not a whole number",
        "-1,not a whole number",
        "yesterday,neither Unix",
        "01/02/2024 10:00,neither Unix",
        "2024-02-30T00:00:00Z,neither Unix",
        "2024-01-01T25:00:00Z,neither Unix",
        "'',neither Unix",
        "1969-12-31T00:00:00Z,between 1970 and 9999"
    })
    void what_is_not_a_time_is_refused(String time, String why) throws IOException {
        write("A.csv", Csv.HEADER + time + ",1,1,1,1,1\n");

        refused("A.csv, line 2", why);
    }

    @Test
    void one_file_has_one_kind_of_time() throws IOException {
        write("A.csv", Csv.HEADER + "1704067200,1,1,1,1,1\n1704070800000,1,1,1,1,1\n");

        refused("A.csv, line 3", "Unix milliseconds, but the file began with Unix seconds");
    }

    @ParameterizedTest
    @CsvSource({
        "'0,1,1,1,1',open 0",
        "'1,1,-1,1,1',low -1",
        "'1,1e999,1,1,1',high Infinity",
        "'1,1,1,NaN,1',close 'NaN'",
        "'1,1,1,0x1p3,1',close '0x1p3'",
        "'1,1,1,1d,1',close '1d'",
        "'1,1,1,,1',close ''",
        "'1,1,1,1.2.3,1',close '1.2.3'",
        "'1,1,1,1,-1',volume -1",
        "'1,1,2,1,1',high of 1.0 below its low",
        "'1,2,1,3,1',close of 3.0 outside",
        "'3,2,1,1,1',open of 3.0 outside",
        "'1,1,1,1','has 5 fields'",
        "'1,1,1,1,1,1','has 7 fields'"
    })
    void an_impossible_bar_is_named_with_its_line(String bar, String why) throws IOException {
        write("A.csv", Csv.HEADER + "2024-01-01T00:00:00Z,1,1,1,1,0\n\n2024-01-01T01:00:00Z," + bar + "\n");

        refused("A.csv, line 4", why);
    }

    @Test
    void a_repeated_bar_is_dropped_if_it_is_identical_and_refused_if_not() throws IOException {
        String walk = Csv.walk(40);
        String last = walk.substring(walk.lastIndexOf('\n', walk.length() - 2) + 1);
        write("A.csv", walk + last + last);

        MarketData market = MarketData.load(directory);

        assertThat(market.rows()).isEqualTo(7);
        assertThat(market.warnings()).singleElement().asString().contains("2 bars of A repeat", "2024-01-02T15:00:00Z");
        write("A.csv", walk + last.replaceFirst(",[0-9.]+\n", ",77\n"));
        refused("A.csv, line 42", "a second bar of A", "other values");
    }

    @Test
    void bars_may_run_newest_first_but_not_both_ways() throws IOException {
        String walk = Csv.walk(40);
        List<String> lines = walk.lines().skip(1).toList();
        write("A.csv", walk);
        String hash = MarketData.load(directory).sha256();
        List<String> reversed = Arrays.asList(lines.toArray(String[]::new));
        Collections.reverse(reversed);
        write("A.csv", Csv.HEADER + String.join("\n", reversed));

        MarketData market = MarketData.load(directory);

        assertThat(market.sha256()).isEqualTo(hash);
        assertThat(market.warnings()).singleElement().asString().contains("newest first");
        Collections.swap(reversed, 20, 21);
        write("A.csv", Csv.HEADER + String.join("\n", reversed));
        refused("A.csv, line 23", "Sort the file by time");
    }

    @Test
    void gaps_are_counted_and_the_first_is_named() throws IOException {
        List<String> lines = Csv.walk(60).lines().toList();
        write("A.csv", String.join("\n", lines.subList(0, 41)) + "\n" + String.join("\n", lines.subList(44, 61)));

        MarketData market = MarketData.load(directory);

        assertThat(market.warnings())
                .singleElement()
                .asString()
                .contains("3 bars of PT1H are missing", "first after 2024-01-02T15:00:00Z");
    }

    @Test
    void only_times_that_all_assets_have_are_kept() throws IOException {
        List<String> lines = Csv.walk(60).lines().toList();
        write("A.csv", String.join("\n", lines.subList(0, 41)) + "\n" + String.join("\n", lines.subList(42, 61)));
        write("B.csv", String.join("\n", lines.subList(0, 59)));

        MarketData market = load(MarketDataSettings.of(directory).withAssets(List.of("A", "B")));

        assertThat(market.rows()).isEqualTo(60 - 33 - 3);
        assertThat(market.time(6)).hasValue(Csv.START + 39 * Csv.HOUR);
        assertThat(market.time(7)).hasValue(Csv.START + 41 * Csv.HOUR);
        assertThat(market.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .contains("3 of 60 timestamps", "first 2024-01-02T16:00:00Z, which A does not have"));
    }

    @Test
    void too_few_shared_bars_are_refused() throws IOException {
        write("A.csv", Csv.walk(33));

        refused("33 bars", "after 33 bars");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n\n",
                "time;open;high;low;close;volume\n",
                "time,open,high,low,close\n",
                "time,date,open,high,low,close,volume\n",
                "time,open,open,high,low,close,volume\n",
                "time,open,high,low,close,volume\n",
                "\"time,open,high,low,close,volume\n",
                "\0\0\0\0",
                "PK\u0003\u0004\0\0"
            })
    void what_is_not_a_file_with_bars_is_refused(String text) throws IOException {
        write("A.csv", text);

        refused("A.csv");
    }

    @Test
    void hostile_sizes_are_refused_without_reading_on() throws IOException {
        write("A.csv", "x".repeat(5_000_000));
        refused("A.csv, line 1");
        write("A.csv", Csv.HEADER + ",".repeat(5_000_000));
        refused("A.csv, line 1");
        write("A.csv", Csv.HEADER + "\"" + "1,1,1,1,1,1\n".repeat(500_000));
        refused("A.csv, line 1");
        write("A.csv", Csv.HEADER + "\0".repeat(3_000_000));
        refused("A.csv, line 1");
        write("A.csv", ",".repeat(600) + Csv.HEADER);
        refused("A.csv, line 1");
    }

    @Test
    void the_number_of_bars_is_limited() throws IOException {
        Path file = Files.writeString(val.resolve("A.csv"), Csv.walk(40));

        assertThatThrownBy(() -> new CsvBarReader(Optional.empty(), Set.of(), 39).readOne(file, "A"))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("A.csv, line 41")
                .hasMessageContaining("limit of 39 bars");
        assertThat(new CsvBarReader(Optional.empty(), Set.of(), 40)
                        .readOne(file, "A")
                        .size())
                .isEqualTo(40);
    }

    @Test
    void prices_too_large_to_compute_with_are_refused() throws IOException {
        StringBuilder text = new StringBuilder(Csv.HEADER);
        for (int i = 0; i < 50; i++) {
            text.append(Instant.ofEpochMilli(Csv.START + i * Csv.HOUR)).append(",1e308,1.1e308,1e308,1.05e308,1\n");
        }
        write("A.csv", text.toString());

        refused("too large for a number");
    }

    @Test
    void arrays_go_before_csv_files_and_files_above_val_do_not_count() throws IOException {
        Files.writeString(directory.resolve("A.csv"), Csv.walk(40));
        assertThatThrownBy(() -> MarketData.load(directory)).isInstanceOf(NoSuchFileException.class);

        write("A.csv", "not read");
        Files.write(val.resolve("price_array.npy"), NpyFiles.npy(new double[][] {{1}, {2}}));
        assertThatThrownBy(() -> MarketData.load(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("tech_array.npy");
        Files.write(val.resolve("tech_array.npy"), NpyFiles.npy(new double[][] {{1}, {2}}));
        assertThat(MarketData.load(directory).rows()).isEqualTo(2);
    }

    @Test
    void without_val_the_files_of_the_directory_are_read_with_a_warning() throws IOException {
        Files.delete(val);
        Files.writeString(directory.resolve("A.csv"), Csv.walk(40));

        MarketData market = MarketData.load(directory);

        assertThat(market.trainingFallback()).isTrue();
        assertThat(market.warnings()).singleElement().asString().contains("trained on");
    }

    private static String local(long time) {
        return LocalDateTime.ofEpochSecond(time / 1000, 0, ZoneOffset.UTC).toString();
    }

    /** Prices hundred times as high. */
    private static String scaled(String csv) {
        StringBuilder text = new StringBuilder(Csv.HEADER);
        csv.lines().skip(1).forEach(line -> {
            String[] f = line.split(",");
            text.append(f[0]);
            for (int i = 1; i < 5; i++) {
                text.append(',').append(100 * Double.parseDouble(f[i]));
            }
            text.append(',').append(f[5]).append('\n');
        });
        return text.toString();
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> MarketData.load(directory))
                .isInstanceOf(MalformedMarketDataException.class)
                .message()
                .contains(parts);
    }

    private static MarketData load(MarketDataSettings settings) throws IOException {
        return MarketData.load(settings);
    }

    private void write(String name, String text) throws IOException {
        Files.write(val.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
