package io.pipelinev2.runner.http.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.SignedIn;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in leads on to where one was going, and never to another host. */
class SignInTest {

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory, ServedHome.readsProtected());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> signIn(HttpResponse<String> page, String token) throws Exception {
        return home.postAsIs("/login", SignedIn.fields(page, "token=" + token), "Content-Type", SignedIn.FORM);
    }

    @Test
    void whoever_was_sent_there_goes_on_to_what_they_asked_for() throws Exception {
        String wanted = "/trials?study=ppo&text=50%25%20%2B";
        HttpResponse<String> page = home.get(location(home.get(wanted)));

        HttpResponse<String> mistyped = signIn(page, "wrong");
        assertThat(mistyped.statusCode()).isEqualTo(401);

        assertThat(location(signIn(mistyped, home.token()))).isEqualTo(wanted);
    }

    @Test
    void a_link_of_each_page_leads_back_to_it() throws Exception {
        home.close();
        home = new ServedHome(directory);

        assertThat(home.get("/trials?status=failed").body())
                .contains("href=\"/login?next=%2Ftrials%3Fstatus%3Dfailed\"");
        assertThat(home.get("/").body()).contains("href=\"/login\"");
        assertThat(SignedIn.asOwner(home).get("/trials?status=failed").body()).contains("href=\"/login\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example",
                "/\\evil.example",
                "/\t/evil.example",
                "/a\r\nSet-Cookie: pipeline_session=1",
                "javascript:alert(1)",
                "/\"><script>",
                "evil",
                ""
            })
    void an_address_that_leads_elsewhere_leads_to_the_overview(String next) throws Exception {
        HttpResponse<String> page = home.get("/login?next=" + SignedIn.encoded(next));
        assertThat(page.body()).contains("name=\"next\" value=\"/\"");

        HttpResponse<String> answer = home.postAsIs(
                "/login", "token=" + home.token() + "&next=" + SignedIn.encoded(next), "Content-Type", SignedIn.FORM);

        assertThat(location(answer)).isEqualTo("/");
    }
}
