package io.pipelinev2.store;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the database of a state, whoever else has it open: whether it is whole, and how much room it takes. Never
 * makes a database, never migrates one.
 */
public interface Upkeep {

    /**
     * {@return what can be asked of the database, one after the other} Asking changes nothing and keeps no writer waiting.
     */
    List<Check> checks();

    /**
     * Gives back the room that nothing uses any more, and renews what the database knows for choosing its plans. Others
     * may have it open; writers wait meanwhile.
     *
     * @return what it came to
     * @throws io.pipelinev2.core.store.TransientStoreException if others keep it locked for too long
     * @throws io.pipelinev2.core.store.StoreException if it is not the state of a pipeline, or cannot be written
     */
    Vacuumed vacuum();

    /**
     * One question to a database.
     *
     * @param name what is looked at, in a word or two
     * @param question puts it
     */
    record Check(String name, Supplier<List<String>> question) {

        /**
         * {@return what is wrong, each fault in words; empty if nothing is}
         *
         * @throws io.pipelinev2.core.store.StoreException if the database cannot be read
         */
        public List<String> findings() {
            return question.get();
        }
    }

    /**
     * What a vacuum did.
     *
     * @param bytesBefore the room that the state took, its log included
     * @param bytesAfter the room that it takes now
     * @param remark what could not be done yet, in words, or null
     */
    record Vacuumed(
            long bytesBefore, long bytesAfter, @Nullable String remark) {}
}
