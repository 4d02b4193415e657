package basin.network;

import basin.study.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a network, their order in the flat parameter vector, and their names in files. A
 * network's constructor fills it; afterwards it is only read.
 */
public final class Layout {
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, List<String>> otherSpellings = new HashMap<>();
    private final Map<String, String> copies = new HashMap<>();
    private final Set<String> words = new HashSet<>();
    private final Map<String, String> ties = new HashMap<>();
    private int offset;
    private long outputs;

    Layout() {}

    /**
     * A part of the flat vector that a forward pass uses as one array: one tensor, or stacked
     * tensors of equal shape.
     *
     * @param shape shape of the array
     * @param tensors names of its tensors, in order
     * @param rows for each of its tensors, how many numbers of a map's output it gives
     * @param transposed whether a forward pass uses the array's transpose, [shape[1], shape[0]]
     */
    @SuppressWarnings("ArrayRecordComponent") // Created once per network and read often.
    record Part(String name, long[] shape, List<String> tensors, List<Integer> rows, boolean transposed) {
        Part(String name, boolean transposed, long... shape) {
            this(name, shape, List.of(name), List.of(Math.toIntExact(shape[transposed ? 1 : 0])), transposed);
        }
    }

    private void add(String name, boolean decays, long... shape) {
        addTensor(name, decays, shape);
        parts.add(new Part(name, false, shape));
    }

    private void addTensor(String name, boolean decays, long... shape) {
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

    /** Adds a table with a row for each token. */
    void words(String name, int rows, int columns) {
        table(name, rows, columns);
        words.add(name);
    }

    void bias(String name, int length) {
        add(name, false, length);
        outputs += length;
    }

    /** Adds a bias of the scores. */
    void scoreBias(String name, int vocabulary) {
        add(name, false, vocabulary);
    }

    /** Adds a weight of shape [out, in] and its bias. */
    void linear(String name, int out, int in) {
        linear(name, out, in, true);
    }

    /** Adds a weight of shape [out, in], and its bias if it has one. */
    void linear(String name, int out, int in, boolean biased) {
        fused(name, List.of(name), List.of(out), in, biased);
    }

    /** Adds a weight that files store as [in, out], and its bias. */
    void transposed(String name, int in, int out) {
        String weight = name + ".weight";
        addTensor(weight, true, in, out);
        parts.add(new Part(weight, true, in, out));
        add(name + ".bias", false, out);
        outputs += out;
    }

    /**
     * Adds linear maps of one input side by side, all weights and then all biases, so that one
     * product computes all outputs.
     *
     * @param together name of the parts that contain all of them
     * @param names names of the maps
     * @param outs outputs of each
     * @param biased whether they have biases
     */
    void fused(String together, List<String> names, List<Integer> outs, int in, boolean biased) {
        long out = outs.stream().mapToLong(Integer::longValue).sum();
        List<String> weights = names.stream().map(name -> name + ".weight").toList();
        for (int i = 0; i < outs.size(); i++) {
            addTensor(weights.get(i), true, outs.get(i), in);
        }
        parts.add(new Part(together + ".weight", new long[] {out, in}, weights, outs, false));
        if (biased) {
            List<String> biases = names.stream().map(name -> name + ".bias").toList();
            for (int i = 0; i < outs.size(); i++) {
                addTensor(biases.get(i), false, outs.get(i));
            }
            parts.add(new Part(together + ".bias", new long[] {out}, biases, outs, false));
        }
        outputs += out;
    }

    /** Adds the tensors of a normalisation, if it has any. */
    void norm(String name, int width, Norm norm) {
        if (norm.gain()) {
            add(name + ".weight", false, width);
        }
        if (norm.bias()) {
            add(name + ".bias", false, width);
        }
        outputs += 2L * width;
    }

    /**
     * Adds the table of the head. It is that of the embeddings, of which a file may contain a copy,
     * or a separate one.
     *
     * @param words the table of the embeddings
     */
    void head(TransformerShape shape, String words, String decoder) {
        ties.put(decoder, words);
        if (shape.tie().table()) {
            copied(words, decoder);
        } else {
            words(decoder, shape.vocabulary(), shape.width());
        }
    }

    /**
     * Adds the table and the bias of a head whose bias has two names. If the biases are tied, they
     * are one tensor. Otherwise the decoder's bias is added to the logits, and the other has no
     * effect. Older files have only one of them.
     */
    void head(TransformerShape shape, String words, String bias, String decoder, String decoderBias) {
        scoreBias(bias, shape.vocabulary());
        spelledToo(bias, decoderBias);
        head(shape, words, decoder);
        ties.put(decoderBias, bias);
        if (shape.tie().bias()) {
            copied(bias, decoderBias);
        } else {
            scoreBias(decoderBias, shape.vocabulary());
        }
    }

    private void spelledToo(String name, String other) {
        otherSpellings.computeIfAbsent(name, one -> new ArrayList<>()).add(other);
    }

    /**
     * Declares parts of names that a file may spell differently, wherever they occur.
     *
     * @param partsAndOthers a part, its other spelling, another part, and so on
     */
    void spelledOtherwise(String... partsAndOthers) {
        for (Parameter parameter : parameters) {
            for (int i = 0; i < partsAndOthers.length; i += 2) {
                if (parameter.name().contains(partsAndOthers[i])) {
                    spelledToo(parameter.name(), parameter.name().replace(partsAndOthers[i], partsAndOthers[i + 1]));
                }
            }
        }
    }

    /**
     * Declares that a file may contain a copy of the parameter under another name. The copy must be
     * equal.
     */
    private void copied(String name, String copy) {
        copies.put(copy, name);
    }

    List<Part> parts() {
        return parts;
    }

    /** Returns every tensor in the order of the flat vector, without gaps. */
    public List<Parameter> parameters() {
        return Collections.unmodifiableList(parameters);
    }

    /**
     * Returns a tensor by its name.
     *
     * @throws java.util.NoSuchElementException if no tensor has that name
     */
    public Parameter parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the number of parameters. */
    public int parameterCount() {
        return offset;
    }

    /** Returns the names under which a file may contain a tensor, the usual one first. */
    public List<String> spellings(String name) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(otherSpellings.getOrDefault(name, List.of()));
        return all;
    }

    /**
     * Returns, by the name of a copy that a file may contain, the tensor that it must be equal to.
     */
    public Map<String, String> copies() {
        return Collections.unmodifiableMap(copies);
    }

    /**
     * Returns, by the name of a tensor of the head, the tensor that it is or may be tied to,
     * whether it is or not.
     */
    public Map<String, String> ties() {
        return Collections.unmodifiableMap(ties);
    }

    /**
     * Returns the numbers that the outputs of all maps and norms hold for a token, those of norms
     * counted twice; the scores are not counted.
     */
    public long outputs() {
        return outputs;
    }

    /** Returns whether a tensor has a row for each token of the vocabulary. */
    public boolean hasRowsOfTokens(String name) {
        return words.contains(name);
    }
}
