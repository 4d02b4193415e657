package basin.lm.model;

import basin.events.spec.Refusal;
import basin.lm.network.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tensors a network has, in which order they lie in the flat vector, and how files may spell them. Filled by a network's
 * constructor, and read afterwards only.
 */
final class Layout {
    private final List<Parameter> parameters = new ArrayList<>();
    private final Map<String, List<String>> otherSpellings = new HashMap<>();
    private final Map<String, String> copies = new HashMap<>();
    private final Set<String> words = new HashSet<>();
    private int offset;

    private void add(String name, boolean decays, long... shape) {
        try {
            long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            parameters.add(new Parameter(name, shape, offset, decays));
            offset = Math.addExact(offset, Math.toIntExact(size));
        } catch (ArithmeticException tooMany) {
            throw new Refusal(
                    "This model has more than " + Integer.MAX_VALUE + " parameters with '" + name
                            + "': only smaller ones are read.",
                    tooMany);
        }
    }

    void table(String name, int rows, int columns) {
        add(name, true, rows, columns);
    }

    /** A table with a row for each token. */
    void words(String name, int rows, int columns) {
        table(name, rows, columns);
        words.add(name);
    }

    /** Whether a tensor has a row for each token. */
    boolean isOfWords(String name) {
        return words.contains(name);
    }

    void bias(String name, int length) {
        add(name, false, length);
    }

    /** A weight of shape [out, in] and its bias. */
    void linear(String name, int out, int in) {
        add(name + ".weight", true, out, in);
        add(name + ".bias", false, out);
    }

    /** A weight of shape [in, out] and its bias. */
    void transposed(String name, int in, int out) {
        add(name + ".weight", true, in, out);
        add(name + ".bias", false, out);
    }

    void norm(String name, int width) {
        add(name + ".weight", false, width);
        add(name + ".bias", false, width);
    }

    /** The parameter may have this name in a file. */
    void spelledToo(String name, String other) {
        otherSpellings.computeIfAbsent(name, one -> new ArrayList<>()).add(other);
    }

    /** A file may hold the parameter a second time under this name, and then it must be the same. */
    void copied(String name, String copy) {
        copies.put(copy, name);
    }

    List<Parameter> parameters() {
        return parameters;
    }

    List<String> spellings(String name) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(otherSpellings.getOrDefault(name, List.of()));
        return all;
    }

    /** By the name of the copy: the parameter that it is a copy of. */
    Map<String, String> copies() {
        return copies;
    }

    int parameterCount() {
        return offset;
    }
}
