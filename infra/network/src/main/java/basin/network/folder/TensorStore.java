package basin.network.folder;

import basin.study.Refusal;
import basin.study.file.FileNames;
import basin.study.file.UnfinishedFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All tensors of a folder, in one safetensors file or in several with an index. A whole {@code
 * model.safetensors} is read even beside an index, as {@code from_pretrained} does. Immutable;
 * thread-safe.
 *
 * @param byName tensors by their names without what PyTorch's wrappers add
 * @param wrappers parts of names that were taken off, such as {@code module.}
 */
record TensorStore(Map<String, Stored> byName, Set<String> wrappers) {
    private static final String ONE_FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 1_000;
    /** Numbers of two tensors that are compared at once. */
    private static final int COMPARED = 1 << 17;
    /** Weights in forms that are not read, as libraries name them. */
    private static final List<String> OTHER_FORMS = List.of(
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "adapter_model.safetensors",
            "adapter_model.bin",
            "tf_model.h5",
            "flax_model.msgpack");

    /** The name that {@code DataParallel} and {@code DistributedDataParallel} put first. */
    private static final String PARALLEL = "module.";

    /** Names that {@code torch.compile}, FSDP and checkpointing put before a wrapped module's. */
    private static final Pattern WRAPPED =
            Pattern.compile("(?<=^|[.])(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)[.]");

    /**
     * A tensor of a file.
     *
     * @param name its name in the file
     */
    record Stored(TensorFile file, String name) {
        TensorFile.Tensor tensor() {
            return Objects.requireNonNull(file.tensors().get(name));
        }

        /** Reads some of its numbers as {@link TensorFile#read} does. */
        void read(long first, long count, double[] into, int offset) {
            file.read(name, first, count, into, offset);
        }

        /** Returns whether another tensor of the same size has the same numbers. */
        boolean equalTo(Stored other) {
            long size = tensor().numbers();
            for (long first = 0; first < size; first += COMPARED) {
                int count = (int) Math.min(COMPARED, size - first);
                double[] own = new double[count];
                double[] others = new double[count];
                read(first, count, own, 0);
                other.read(first, count, others, 0);
                if (!Arrays.equals(own, others)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads the headers.
     *
     * @throws UnfinishedFile if a file is absent or too short
     * @throws Refusal if the folder contains no valid weights
     */
    static TensorStore open(Path folder) {
        Map<String, TensorFile> files = new LinkedHashMap<>();
        if (Files.exists(folder.resolve(ONE_FILE))) {
            TensorFile file = TensorFile.open(folder.resolve(ONE_FILE));
            file.tensors().keySet().forEach(name -> files.put(name, file));
            return unwrapped(folder, files);
        }
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            return unwrapped(folder, shards(folder, index));
        }
        for (String other : OTHER_FORMS) {
            if (Files.exists(folder.resolve(other))) {
                throw new Refusal(folder + " holds " + other + ", which is not read, and no " + ONE_FILE
                        + ": convert it with transformers, where"
                        + " AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER), or"
                        + " AutoModelForMaskedLM for a masked model, writes safetensors; merge adapters before.");
            }
        }
        throw new UnfinishedFile(folder + " holds neither " + ONE_FILE + " nor " + INDEX
                + ": save the model there in safetensors, as save_pretrained does.");
    }

    /** Returns the file of each tensor that an index lists. */
    private static Map<String, TensorFile> shards(Path folder, Path index) {
        JsonNode map = FolderJson.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new Refusal(index + " has no 'weight_map' from names of tensors to files: save the model again.");
        }
        Map<String, TensorFile> byName = new LinkedHashMap<>();
        Map<String, TensorFile> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asText();
            if (!entry.getValue().isTextual() || !name.matches("[\\w.-]+") || name.startsWith(".")) {
                throw new Refusal(index + " puts '" + entry.getKey() + "' into " + entry.getValue()
                        + ": give the name of a file in the same folder.");
            }
            if (!files.containsKey(name)) {
                if (files.size() == MAX_SHARDS) {
                    throw new Refusal(
                            index + " names more than " + MAX_SHARDS + " files: save the model in fewer, larger ones.");
                }
                Path shard = FileNames.beside(folder, name, "weight_map in " + index);
                if (!Files.exists(shard)) {
                    throw new UnfinishedFile(index + " names " + name
                            + ", which is not in the folder: fetch it, or save the model again.");
                }
                files.put(name, TensorFile.open(shard));
            }
            TensorFile file = files.get(name);
            if (file == null || !file.tensors().containsKey(entry.getKey())) {
                throw new Refusal(index + " puts '" + entry.getKey() + "' into " + name
                        + ", which does not hold it: save the model again.");
            }
            byName.put(entry.getKey(), file);
        }
        return byName;
    }

    /** Takes off what PyTorch's wrappers add to names. */
    private static TensorStore unwrapped(Path folder, Map<String, TensorFile> files) {
        Set<String> wrappers = new TreeSet<>();
        Map<String, String> names = new LinkedHashMap<>();
        files.keySet().forEach(name -> {
            Matcher wrapped = WRAPPED.matcher(name);
            wrapped.results().forEach(one -> wrappers.add(one.group()));
            names.put(name, wrapped.replaceAll(""));
        });
        while (!names.isEmpty() && names.values().stream().allMatch(name -> name.startsWith(PARALLEL))) {
            wrappers.add(PARALLEL);
            names.replaceAll((name, own) -> own.substring(PARALLEL.length()));
        }
        Map<String, Stored> byName = new LinkedHashMap<>();
        names.forEach((name, own) -> {
            Stored other = byName.put(own, new Stored(Objects.requireNonNull(files.get(name)), name));
            if (other != null) {
                throw new Refusal("The weights of '" + own + "' are in " + folder + " twice, as '" + other.name()
                        + "' and '" + name + "': save the model that is wrapped.");
            }
        });
        return new TensorStore(byName, wrappers);
    }

    /** Returns a tensor; empty if no file contains it. */
    Optional<Stored> holding(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Set<String> names() {
        return byName.keySet();
    }
}
