package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.logging.LogCode;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.store.logging.StoreLogCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/log-codes.md is made of the codes; {@code -Dlog-codes.write=true} makes it anew. */
class LogCodesTest {

    private static final Path PAGE = Path.of("../docs/log-codes.md");
    private static final String BEGIN = "| code | said when |";

    private static List<LogCode> codes() {
        return Stream.<LogCode[]>of(
                        CoreLogCode.values(), StoreLogCode.values(), DeployLogCode.values(), RunnerLogCode.values())
                .flatMap(Stream::of)
                .toList();
    }

    private static String table() {
        StringBuilder table = new StringBuilder(BEGIN + " what to do |\n|---|---|---|\n");
        codes().forEach(code -> table.append(
                "| `%s` %s | %s | %s |\n".formatted(code.code(), code.toString(), code.cause(), code.action())));
        return table.toString();
    }

    @Test
    void the_page_tells_of_every_code() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN));
        if (Boolean.getBoolean("log-codes.write")) {
            Files.writeString(PAGE, head + table());
            page = Files.readString(PAGE);
        }
        assertThat(page)
                .as("mvn … -Dtest=LogCodesTest -Dlog-codes.write=true makes it")
                .isEqualTo(head + table());
    }

    @Test
    void no_code_is_given_twice() {
        assertThat(codes())
                .extracting(LogCode::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("PL-[1-4]\\d\\d"));
    }

    @Test
    void each_has_a_cause_and_an_action_in_words() {
        assertThat(codes()).allSatisfy(code -> {
            assertThat(code.cause()).hasSizeGreaterThan(15).doesNotEndWith(".").doesNotContain("|", "\n");
            assertThat(code.action()).hasSizeGreaterThan(15).doesNotEndWith(".").doesNotContain("|", "\n");
        });
    }

    @Test
    void a_code_is_a_marker_that_stands_alone() {
        LogCode code = CoreLogCode.TAKEN_BACK;

        assertThat(code.getName()).isEqualTo("PL-111");
    }
}
