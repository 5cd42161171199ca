package io.pipelinev2.backtest.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle may build. There is nothing here that could hold a class or call a method: a value is plain data or the
 * name of one of the few globals that a state_dict needs.
 */
sealed interface PickleValue {

    /** Marks the start of a variable-length group on the stack. */
    record Mark() implements PickleValue {}

    /** {@code None}. */
    record None() implements PickleValue {}

    record Bool(boolean value) implements PickleValue {}

    record Int(long value) implements PickleValue {}

    record Float64(double value) implements PickleValue {}

    record Text(String value) implements PickleValue {}

    record Tuple(List<PickleValue> items) implements PickleValue {}

    /** A list; its contents are never needed, so they are dropped. */
    record Sequence() implements PickleValue {}

    /** A dictionary by text keys; entries with numbers as keys are dropped, with others refused. */
    record Dict(Map<String, PickleValue> items) implements PickleValue {
        Dict() {
            this(new LinkedHashMap<>());
        }
    }

    /** {@code collections.OrderedDict}. */
    record OrderedDictClass() implements PickleValue {}

    /** {@code torch._utils._rebuild_tensor_v2}. */
    record RebuildTensor() implements PickleValue {}

    /** A torch storage type such as {@code FloatStorage}. */
    record StorageType(String name) implements PickleValue {}

    /** Raw numbers in the archive: entry {@code data/<key>}. */
    record Storage(String type, String key, long elements) implements PickleValue {}

    /** A view of a storage. */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements PickleValue {}
}
