package io.pipelinev2.runner.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.http.ServedHome;
import io.pipelinev2.runner.http.SignedIn;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All traders are halted from a browser: it says in words what will happen, then it happens, even without a database. */
class OrderPagesTest {

    @TempDir
    Path directory;

    private ServedHome home;
    private SignedIn owner;

    @BeforeEach
    void open() throws Exception {
        home = new ServedHome(directory);
        owner = SignedIn.asOwner(home);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private TradingState orders() {
        return new KillSwitch(home.home).position().orders();
    }

    @Test
    void it_is_said_first_and_done_once() throws Exception {
        assertThat(owner.get("/orders/halt").body())
                .contains("Halt all paper traders?", "positions stay as they are", "Yes, halt all", "No, go back");
        String fields = SignedIn.fields(owner.get("/orders/halt"), "state=", "reason=odd+prices");

        HttpResponse<String> first = owner.send("/orders/halt", fields);
        HttpResponse<String> again = owner.send("/orders/halt", fields);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(orders()).isEqualTo(TradingState.HALTED);
        assertThat(home.store.<List<Event>>read(tx -> tx.events(null, 10)))
                .extracting(Event::type)
                .containsExactly(EventType.OPERATOR_HALT);
        assertThat(owner.send("/orders/resume", SignedIn.fields(owner.get("/orders/resume"), "reason="))
                        .statusCode())
                .isEqualTo(200);
        assertThat(orders()).isEqualTo(TradingState.ACTIVE);
    }

    @Test
    void it_is_said_in_numbers_whom_it_concerns() throws Exception {
        assertThat(owner.get("/orders/halt").body())
                .contains("No paper trader takes a slot now", "even while the database or the daemon is down");
        Deployment one = home.sample.running(home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 4711);
        home.sample.running(home.sample.trial("ppo", 8, 1.0, TrialStatus.DEPLOYED, null), 4712);
        home.sample.stopped(home.sample.trial("ppo", 9, 1.0, TrialStatus.COMPLETED, null), 4713);
        home.store.write(tx -> {
            tx.update(one, one.change().orders(TradingState.HALTED).done());
            return null;
        });

        assertThat(owner.get("/orders/halt").body())
                .contains(
                        "2 paper traders take a slot now: 1 gives all orders and will stop, 1 gives none already.",
                        "0 hold open positions; of 2 that is not known.");
        assertThat(owner.get("/orders/resume").body())
                .contains("2 paper traders take a slot now; 1 is halted by an operator one by one and stays so.");
    }

    @Test
    void it_holds_though_it_cannot_be_recorded() throws Exception {
        String fields = SignedIn.fields(owner.get("/orders/halt"), "state=reducing", "reason=");
        home.unrecordable = true;

        HttpResponse<String> answer = owner.send("/orders/halt", fields);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("could not be recorded", "role=\"alert\"");
        assertThat(orders()).isEqualTo(TradingState.REDUCING);
    }

    @Test
    void who_has_not_signed_in_is_asked_to_and_a_foreign_form_does_nothing() throws Exception {
        assertThat(home.get("/orders/halt").headers().firstValue("Location")).hasValue("/login?next=%2Forders%2Fhalt");
        assertThat(owner.send("/orders/halt", "reason=").statusCode()).isEqualTo(403);
        assertThat(orders()).isEqualTo(TradingState.ACTIVE);
    }

    @Test
    void it_is_not_offered_where_nothing_can_be_changed() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ServedHome readOnly = new ServedHome(other, ServedHome.readOnly())) {
            assertThat(readOnly.get("/").body()).doesNotContain("/orders/halt");
        }
    }
}
