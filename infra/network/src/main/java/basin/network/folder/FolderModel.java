package basin.network.folder;

import basin.network.Network;
import basin.network.Parameter;
import basin.network.ParameterSource;
import basin.network.Tie;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.file.UnfinishedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A model read from a folder in Hugging Face's layout: its network and its weights. Immutable;
 * thread-safe.
 */
public final class FolderModel {
    private static final String CONFIG = "config.json";
    private static final String ADAPTER = "adapter_config.json";
    /** The number of vectors that a user of {@link #theta} keeps on the heap: it and a copy. */
    private static final int COPIES = 2;

    private final Path folder;
    private final ConfigFile config;
    private final Tie tie;
    private final Network network;
    private final ParameterSource weights;
    private final double weightNorm;
    private final String storedAs;
    private final List<String> unused;
    private final Set<String> wrappers;
    private final List<String> notes;

    private FolderModel(
            Path folder,
            ConfigFile config,
            Tie tie,
            Network network,
            ParameterSource weights,
            String storedAs,
            List<String> unused,
            Set<String> wrappers,
            List<String> notes) {
        this.folder = folder;
        this.config = config;
        this.tie = tie;
        this.network = network;
        this.weights = weights;
        // Reads every number, and so checks that each is finite.
        this.weightNorm = weights.norm();
        this.storedAs = storedAs;
        this.unused = List.copyOf(unused);
        this.wrappers = new TreeSet<>(wrappers);
        this.notes = List.copyOf(notes);
    }

    /**
     * The description of a folder, read without its weights.
     *
     * @param spelled name of each parameter's tensor
     * @param notes one sentence for each thing that is read otherwise than the configuration says
     */
    private record Described(
            ConfigFile config,
            Network network,
            Tie tie,
            TensorStore store,
            Map<Parameter, String> spelled,
            List<String> notes) {
        static Described of(Path folder) {
            if (!Files.isDirectory(folder)) {
                throw new Refusal(folder + " is no folder: name one with config.json and model.safetensors.");
            }
            if (Files.exists(folder.resolve(ADAPTER)) && !Files.exists(folder.resolve(CONFIG))) {
                throw new Refusal(folder + " holds an adapter alone, by its " + ADAPTER
                        + ": merge it into its model and save that whole.");
            }
            if (!Files.exists(folder.resolve(CONFIG))) {
                throw new UnfinishedFile(folder + " holds no " + CONFIG + ": name a folder that save_pretrained or "
                        + Program.NAME + " export wrote.");
            }
            ConfigFile config = ConfigFile.read(folder.resolve(CONFIG));
            boolean said = NetworkConfig.isTied(config);
            Network asSaid = NetworkConfig.read(config, Tie.both(said), new ArrayList<>());
            TensorStore store = TensorStore.open(folder);
            List<String> notes = new ArrayList<>();
            Tie tie = new TiedTensors(store, config, said, notes).tie(asSaid.layout());
            Network network = NetworkConfig.read(config, tie, notes);
            Map<Parameter, String> spelled = new LinkedHashMap<>();
            for (Parameter parameter : network.parameters()) {
                String name = network.layout().spellings(parameter.name()).stream()
                        .filter(store.names()::contains)
                        .findFirst()
                        .orElseThrow(() -> new Refusal("The weights of '" + parameter.name()
                                + "' are missing in " + folder + ": save the whole model, head included, as its "
                                + CONFIG + " describes it."));
                FolderModel.check(parameter, store.holding(name).orElseThrow());
                spelled.put(parameter, name);
            }
            return new Described(config, network, tie, store, spelled, notes);
        }
    }

    /**
     * Checks that a folder contains a model that {@link #open} reads, without reading its weights;
     * only tables that are tied and stored twice are compared. Returns its network.
     *
     * @throws UnfinishedFile if a file is absent or ends too early, as while the model is written
     * @throws Refusal if the folder contains no such model; one sentence with the file, the value
     *     and the fix
     */
    public static Network check(Path folder) {
        return Described.of(folder).network();
    }

    /**
     * Reads a folder with {@code config.json} and {@code model.safetensors}, or its shards and
     * {@code model.safetensors.index.json}. It checks everything against the files' sizes, and
     * reads every number once, in pieces, to see that it is finite. The weights are read again when
     * they are used, so the files must not change until then.
     *
     * @throws UnfinishedFile if a file is absent or ends too early
     * @throws Refusal if the folder contains no such model; one sentence with the file, the value
     *     and the fix
     */
    public static FolderModel open(Path folder) {
        Described described = Described.of(folder);
        Network network = described.network();
        TensorStore store = described.store();
        Map<Parameter, TensorStore.Stored> stored = new LinkedHashMap<>();
        described
                .spelled()
                .forEach((parameter, name) ->
                        stored.put(parameter, store.holding(name).orElseThrow()));
        StoredParameters weights = new StoredParameters(stored);
        Set<String> used = new HashSet<>(network.layout().copies().keySet());
        used.addAll(described.spelled().values());
        return new FolderModel(
                folder,
                described.config(),
                described.tie(),
                network,
                weights,
                described.spelled().values().stream()
                        .map(name -> store.holding(name).orElseThrow().tensor().typeName())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", ")),
                store.names().stream()
                        .filter(name -> !used.contains(name))
                        .sorted()
                        .toList(),
                store.wrappers(),
                described.notes());
    }

    static void check(Parameter parameter, TensorStore.Stored stored) {
        TensorFile.Tensor tensor = stored.tensor();
        List<Long> expected = Arrays.stream(parameter.shape()).boxed().toList();
        if (tensor.type().isEmpty() || !tensor.shape().equals(expected)) {
            throw new Refusal("The weights of '" + stored.name() + "' in "
                    + stored.file().file() + " are "
                    + tensor.typeName() + " of shape " + tensor.shape() + ": give F64, F32, F16 or BF16 of shape "
                    + expected + ", as " + CONFIG + " describes it.");
        }
    }

    /**
     * Returns the same causal model restricted to some tokens. Token i of the new model is {@code
     * tokens[i]} of this one, and has the same logits.
     *
     * @param tokens different tokens of this model
     */
    public FolderModel restrictedTo(int[] tokens) {
        Network restricted = NetworkConfig.read(
                config.with(NetworkConfig.VOCABULARY, tokens.length, LlamaConfig.ROWS), tie, new ArrayList<>());
        double[] theta = theta();
        double[] kept = new double[restricted.parameterCount()];
        for (Parameter parameter : restricted.parameters()) {
            int from = network.layout().parameter(parameter.name()).offset();
            if (network.layout().hasRowsOfTokens(parameter.name())) {
                int width = Math.toIntExact(parameter.shape()[1]);
                for (int i = 0; i < tokens.length; i++) {
                    System.arraycopy(theta, from + tokens[i] * width, kept, parameter.offset() + i * width, width);
                }
            } else {
                System.arraycopy(theta, from, kept, parameter.offset(), parameter.size());
            }
        }
        return new FolderModel(
                folder, config, tie, restricted, ParameterSource.of(kept), storedAs, unused, wrappers, notes);
    }

    /**
     * Returns a token that the configuration names, such as {@code bos_token_id}; empty if it names
     * none.
     */
    public OptionalInt special(String field) {
        int token = config.number(field, 0, network.vocabulary() - 1, -1);
        return token < 0 ? OptionalInt.empty() : OptionalInt.of(token);
    }

    /** Returns the folder that it was read from. */
    public Path folder() {
        return folder;
    }

    /** Returns the function of its weights. */
    public Network network() {
        return network;
    }

    /**
     * Returns the weights in the order of the network's parameters. They are read from the files as
     * often as they are asked for.
     */
    public ParameterSource weights() {
        return weights;
    }

    /** Returns the Euclidean norm of all parameters. */
    public double weightNorm() {
        return weightNorm;
    }

    /**
     * Returns the weights on the heap, {@link Network#parameterCount()} numbers in the order of its
     * parameters.
     *
     * @throws Refusal if the heap is too small for them
     */
    public double[] theta() {
        long needed = (long) Double.BYTES * COPIES * network.parameterCount();
        if (needed > Runtime.getRuntime().maxMemory()) {
            throw new Refusal("The model in " + folder + " has " + network.parameterCount()
                    + " parameters, for which " + needed / 1_000_000 + " MB of memory are needed and "
                    + Runtime.getRuntime().maxMemory() / 1_000_000
                    + " are allowed: allow more with BASIN_HEAP, such as BASIN_HEAP="
                    + (needed / 1_000_000_000 + 2) + "g.");
        }
        double[] theta = new double[network.parameterCount()];
        weights.read(0, theta, theta.length);
        return theta;
    }

    /** Returns the number types in which the files store the weights, such as {@code F32}. */
    public String storedAs() {
        return storedAs;
    }

    /** Returns the names of the files' tensors that the network does not use. */
    public List<String> unused() {
        return unused;
    }

    /**
     * Returns one sentence for each thing that is read otherwise than the configuration says, or
     * that it does not say.
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Returns the parts of the files' tensor names that PyTorch's wrappers added and that were
     * taken off, such as {@code module.}; sorted.
     */
    public List<String> wrappers() {
        return List.copyOf(wrappers);
    }
}
