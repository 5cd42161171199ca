package io.pipelinev2.core.testkit;

import io.pipelinev2.core.store.Invariants;
import io.pipelinev2.core.store.PipelineStore;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that looks at a store after every test and fails one that has left an impossible state, naming it. A
 * {@link PipelineTestKit} does so by itself; this is for tests that have a store without one.
 *
 * <pre>{@code
 * @RegisterExtension
 * final InvariantsAfterEach invariants = InvariantsAfterEach.of(() -> store);
 * }</pre>
 */
public final class InvariantsAfterEach implements AfterEachCallback {

    private final Supplier<? extends PipelineStore> store;

    private InvariantsAfterEach(Supplier<? extends PipelineStore> store) {
        this.store = store;
    }

    /**
     * @param store asked for the store after each test, when that must still be open
     */
    public static InvariantsAfterEach of(Supplier<? extends PipelineStore> store) {
        return new InvariantsAfterEach(store);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check(store.get());
    }

    /**
     * @throws AssertionError if the store holds an impossible state
     */
    static void check(PipelineStore store) {
        List<String> violations = store.read(Invariants::violations);
        if (!violations.isEmpty()) {
            throw new AssertionError("The store holds what can never be:\n- " + String.join("\n- ", violations));
        }
    }
}
