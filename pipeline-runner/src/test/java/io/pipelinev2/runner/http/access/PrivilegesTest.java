package io.pipelinev2.runner.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {

    @TempDir
    Path directory;

    @Test
    void to_run_as_root_is_a_warning() {
        assertThat(Privileges.objection(0).orElseThrow()).contains("as root", "user of its own");
        assertThat(Privileges.objection(1000)).isEmpty();
    }

    @Test
    void whose_rights_it_has_is_told_by_who_owns_its_process() throws Exception {
        int owner = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");

        assertThat(Privileges.objection(Path.of("/proc/self"))).isEqualTo(Privileges.objection(owner));
        assertThat(Privileges.objection(directory.resolve("nowhere"))).isEmpty();
    }
}
