package io.pipelinev2.deploy.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitTest {

    @ParameterizedTest
    @CsvSource({
        "0, bye, false",
        "1, no money left, false",
        "63, x, false",
        "64, usage, true",
        "66, no model, true",
        "78, x, true",
        "79, x, false",
        "75, x, false",
        "137, x, false",
        // flock's own words: what it was to run cannot be executed; its file cannot be opened
        "69, 'its last words were \"flock: failed to execute x: No such file or directory\"', true",
        "66, 'its last words were \"flock: cannot open lock file lock: Read-only file system\"', false",
        "73, 'its last words were \"flock: cannot open lock file lock: No space left on device\"', false"
    })
    void only_what_is_the_programs_own_fault_for_good_is_permanent(int code, String words, boolean permanent) {
        assertThat(new Exit(code, words).isPermanent()).isEqualTo(permanent);
    }
}
