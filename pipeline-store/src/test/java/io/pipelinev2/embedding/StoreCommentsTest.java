package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation of what pipeline-store exports can be made without a warning. */
class StoreCommentsTest {

    @TempDir
    Path output;

    @Test
    void javadoc_has_nothing_to_warn_of() {
        assertThat(Comments.javadocSays(
                        "io.pipelinev2.store",
                        output,
                        Path.of("src/main/java"),
                        Path.of("target/generated-sources/jooq"),
                        Path.of("src/main/resources")))
                .isEmpty();
        assertThat(output.resolve("io.pipelinev2.store/io/pipelinev2/store/SqliteStore.html"))
                .exists();
        assertThat(output.resolve("io.pipelinev2.store/io/pipelinev2/store/schema"))
                .doesNotExist();
    }
}
