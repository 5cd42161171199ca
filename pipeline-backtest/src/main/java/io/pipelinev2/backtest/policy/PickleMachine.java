package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.policy.PickleValue.Bool;
import io.pipelinev2.backtest.policy.PickleValue.Dict;
import io.pipelinev2.backtest.policy.PickleValue.Float64;
import io.pipelinev2.backtest.policy.PickleValue.Int;
import io.pipelinev2.backtest.policy.PickleValue.Mark;
import io.pipelinev2.backtest.policy.PickleValue.None;
import io.pipelinev2.backtest.policy.PickleValue.OrderedDictClass;
import io.pipelinev2.backtest.policy.PickleValue.RebuildTensor;
import io.pipelinev2.backtest.policy.PickleValue.Sequence;
import io.pipelinev2.backtest.policy.PickleValue.Storage;
import io.pipelinev2.backtest.policy.PickleValue.StorageType;
import io.pipelinev2.backtest.policy.PickleValue.Tensor;
import io.pipelinev2.backtest.policy.PickleValue.Text;
import io.pipelinev2.backtest.policy.PickleValue.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the part of the pickle language (protocol 2 and 3) that a torch state_dict uses, and refuses the rest.
 *
 * <p>A pickle is a program. This machine knows four kinds of globals by name and builds {@link PickleValue}s; it has no
 * way to load a class. Every opcode reads at least one byte and adds at most one value, so that memory is bounded by the
 * length of the pickle, and values are never compared or printed as a whole, so that nesting cannot exhaust the Java
 * stack.
 */
final class PickleMachine {

    static final int MAX_BYTES = 4 << 20;

    private static final int MAX_TEXT_BYTES = 4096;
    private static final int MAX_STACK = 100_000;
    private static final int MAX_MEMO = 200_000;
    private static final int MAX_DIMENSIONS = 8;

    private final ByteBuffer code;
    private final List<PickleValue> stack = new ArrayList<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();

    private PickleMachine(ByteBuffer code) {
        this.code = code.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @return the dictionary that the pickle builds
     * @throws CheckpointException saying what is wrong, for {@link ActorCheckpoint} to put the file's name before
     */
    static Dict run(ByteBuffer pickle) {
        if (pickle.remaining() > MAX_BYTES) {
            throw refused("its pickle is " + pickle.remaining() + " bytes long, more than the limit of " + MAX_BYTES);
        }
        return new PickleMachine(pickle).run();
    }

    private Dict run() {
        if (unsigned() != 0x80) {
            throw refused("its pickle has no protocol number");
        }
        int protocol = unsigned();
        if (protocol != 2 && protocol != 3) {
            throw new CheckpointException("its pickle uses protocol " + protocol
                    + ", but torch.save writes 2. Save it again with torch.save(actor.state_dict(), path)");
        }
        while (true) {
            int opcode = unsigned();
            if (opcode == '.') {
                break;
            }
            execute(opcode);
            if (stack.size() > MAX_STACK) {
                throw refused("its pickle needs a stack of more than " + MAX_STACK);
            }
        }
        if (stack.size() != 1) {
            throw refused("its pickle ends with " + stack.size() + " values instead of one");
        }
        if (!(stack.get(0) instanceof Dict dict)) {
            throw new CheckpointException(
                    "it holds something other than a state_dict. Save it with torch.save(actor.state_dict(), path)");
        }
        return dict;
    }

    private void execute(int opcode) {
        switch (opcode) {
            case '(' -> push(new Mark());
            case 'N' -> push(new None());
            case 0x88 -> push(new Bool(true));
            case 0x89 -> push(new Bool(false));
            case 'J' -> push(new Int(readable(4).getInt()));
            case 'K' -> push(new Int(unsigned()));
            case 'M' -> push(new Int(readable(2).getShort() & 0xffff));
            case 0x8a -> push(new Int(longInteger()));
            case 'G' -> push(new Float64(bigEndianDouble()));
            case 'X' -> push(new Text(text(readable(4).getInt() & 0xffffffffL)));
            case ')' -> push(new Tuple(List.of()));
            case 0x85 -> push(new Tuple(pop(1)));
            case 0x86 -> push(new Tuple(pop(2)));
            case 0x87 -> push(new Tuple(pop(3)));
            case 't' -> push(new Tuple(popToMark()));
            case '}' -> push(new Dict());
            case ']' -> push(new Sequence());
            case 'a' -> {
                pop();
                top(Sequence.class);
            }
            case 'e' -> {
                popToMark();
                top(Sequence.class);
            }
            case 's' -> setItems(pop(2));
            case 'u' -> setItems(popToMark());
            case 'q' -> remember(unsigned());
            case 'r' -> remember(readable(4).getInt() & 0xffffffffL);
            case 'h' -> recall(unsigned());
            case 'j' -> recall(readable(4).getInt() & 0xffffffffL);
            case 'c' -> push(global(line(), line()));
            case 'Q' -> push(storage(pop()));
            case 'R' -> reduce();
            case 'b' -> build();
            default ->
                throw new CheckpointException("its pickle has the opcode 0x" + Integer.toHexString(opcode) + " at byte "
                        + (code.position() - 1)
                        + ", which no state_dict needs; refused. Save it with torch.save(actor.state_dict(), path)");
        }
    }

    private void setItems(List<PickleValue> items) {
        Dict dict = top(Dict.class);
        if (items.size() % 2 != 0) {
            throw refused("its pickle sets a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            if (items.get(i) instanceof Text key) {
                dict.items().put(key.value(), items.get(i + 1));
            } else if (!(items.get(i) instanceof Int)) {
                // An optimizer counts its parameters; those entries are read over, so that it can be told what it is.
                throw refused("its pickle has a dictionary key that is neither a text nor a number");
            }
        }
    }

    private PickleValue global(String module, String name) {
        if (module.equals("collections") && name.equals("OrderedDict")) {
            return new OrderedDictClass();
        }
        if (module.equals("torch._utils") && name.equals("_rebuild_tensor_v2")) {
            return new RebuildTensor();
        }
        if (module.equals("torch") && name.endsWith("Storage") && !name.contains(".")) {
            return new StorageType(name);
        }
        if (module.startsWith("torch.nn.") || buildsAnInstance()) {
            throw new CheckpointException("it holds a whole pickled module (class " + module + "." + name
                    + "), and loading that would run code; refused. Save the weights alone with"
                    + " torch.save(actor.state_dict(), path)");
        }
        throw new CheckpointException("its pickle names " + module + "." + name
                + ", and loading that would run code; refused. If you trust where it came from, save the weights alone"
                + " with torch.save(actor.state_dict(), path)");
    }

    /** Whether an instance of the class just named is made next, without arguments, as pickle does for plain objects. */
    private boolean buildsAnInstance() {
        int at = code.position();
        if (at + 2 <= code.limit() && (code.get(at) & 0xff) == 'q') {
            at += 2;
        } else if (at + 5 <= code.limit() && (code.get(at) & 0xff) == 'r') {
            at += 5;
        }
        return at + 2 <= code.limit() && (code.get(at) & 0xff) == ')' && (code.get(at + 1) & 0xff) == 0x81;
    }

    private PickleValue storage(PickleValue id) {
        if (id instanceof Tuple tuple
                && tuple.items().size() == 5
                && tuple.items().get(0) instanceof Text kind
                && kind.value().equals("storage")
                && tuple.items().get(1) instanceof StorageType type
                && tuple.items().get(2) instanceof Text key
                && tuple.items().get(4) instanceof Int elements
                && elements.value() >= 0) {
            return new Storage(type.name(), key.value(), elements.value());
        }
        throw refused("its pickle refers to something outside of it that is not a storage");
    }

    private void reduce() {
        PickleValue arguments = pop();
        PickleValue function = pop();
        if (function instanceof OrderedDictClass
                && arguments instanceof Tuple tuple
                && tuple.items().isEmpty()) {
            push(new Dict());
        } else if (function instanceof RebuildTensor && arguments instanceof Tuple tuple) {
            push(tensor(tuple.items()));
        } else {
            throw refused("its pickle calls something that cannot be called");
        }
    }

    private static Tensor tensor(List<PickleValue> arguments) {
        if (arguments.size() >= 6
                && arguments.size() <= 7
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Int offset
                && arguments.get(2) instanceof Tuple shape
                && arguments.get(3) instanceof Tuple strides) {
            return new Tensor(storage, offset.value(), numbers(shape), numbers(strides));
        }
        throw refused("its pickle describes a tensor in an unknown way");
    }

    private static List<Long> numbers(Tuple tuple) {
        if (tuple.items().size() > MAX_DIMENSIONS) {
            throw refused("its pickle describes a tensor of " + tuple.items().size() + " dimensions");
        }
        List<Long> numbers = new ArrayList<>();
        for (PickleValue item : tuple.items()) {
            if (!(item instanceof Int number)) {
                throw refused("its pickle describes a tensor in an unknown way");
            }
            numbers.add(number.value());
        }
        return numbers;
    }

    /** The state that torch attaches to a state_dict is its _metadata, which is of no use here. */
    private void build() {
        PickleValue state = pop();
        top(Dict.class);
        if (!(state instanceof Dict)) {
            throw refused("its pickle attaches a state that is not a dictionary");
        }
    }

    private void remember(long index) {
        if (stack.isEmpty()) {
            throw underflow();
        }
        memo.put(index, stack.get(stack.size() - 1));
        if (memo.size() > MAX_MEMO) {
            throw refused("its pickle remembers more than " + MAX_MEMO + " values");
        }
    }

    private void recall(long index) {
        @Nullable PickleValue value = memo.get(index);
        if (value == null) {
            throw refused("its pickle recalls a value that it never remembered");
        }
        push(value);
    }

    private void push(PickleValue value) {
        stack.add(value);
    }

    private PickleValue pop() {
        if (stack.isEmpty() || stack.get(stack.size() - 1) instanceof Mark) {
            throw underflow();
        }
        return stack.remove(stack.size() - 1);
    }

    private List<PickleValue> pop(int count) {
        List<PickleValue> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(0, pop());
        }
        return items;
    }

    private List<PickleValue> popToMark() {
        int mark = stack.size() - 1;
        while (mark >= 0 && !(stack.get(mark) instanceof Mark)) {
            mark--;
        }
        if (mark < 0) {
            throw underflow();
        }
        List<PickleValue> group = stack.subList(mark + 1, stack.size());
        List<PickleValue> items = new ArrayList<>(group);
        group.clear();
        stack.remove(mark);
        return items;
    }

    private <T extends PickleValue> T top(Class<T> type) {
        if (stack.isEmpty() || !type.isInstance(stack.get(stack.size() - 1))) {
            throw refused("its pickle changes a value of another kind than it has");
        }
        return type.cast(stack.get(stack.size() - 1));
    }

    private long longInteger() {
        int length = unsigned();
        if (length > 8) {
            throw refused("its pickle has an integer of " + length + " bytes");
        }
        ByteBuffer bytes = readable(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes.get() & 0xffL) << (8 * i);
        }
        int unused = 64 - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    private double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(readable(8).getLong()));
    }

    private String text(long length) {
        if (length > MAX_TEXT_BYTES) {
            throw refused("its pickle has a text of " + length + " bytes, more than the limit of " + MAX_TEXT_BYTES);
        }
        ByteBuffer bytes = readable((int) length).slice(code.position(), (int) length);
        code.position(code.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notText) {
            throw refused("its pickle has a text that is not UTF-8");
        }
    }

    private String line() {
        int start = code.position();
        int end = start;
        while (end < code.limit() && code.get(end) != '\n') {
            end++;
        }
        if (end == code.limit() || end - start > MAX_TEXT_BYTES) {
            throw refused("its pickle ends within a name");
        }
        byte[] name = new byte[end - start];
        code.get(name);
        code.get();
        for (int i = 0; i < name.length; i++) {
            // Names end up in error messages and logs.
            if (name[i] < ' ' || name[i] > '~') {
                name[i] = '?';
            }
        }
        return new String(name, StandardCharsets.US_ASCII);
    }

    private int unsigned() {
        return readable(1).get() & 0xff;
    }

    private ByteBuffer readable(int count) {
        if (code.remaining() < count) {
            throw refused("its pickle ends in the middle");
        }
        return code;
    }

    private static CheckpointException underflow() {
        return refused("its pickle takes a value from an empty stack");
    }

    private static CheckpointException refused(String what) {
        return new CheckpointException(what + ". Copy the file again from where it was made");
    }
}
