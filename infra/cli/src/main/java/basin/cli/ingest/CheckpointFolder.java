package basin.cli.ingest;

import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.file.ModelFolders;
import basin.study.file.Utf8Files;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder {@code RUN/step-N} or {@code RUN/checkpoint-N} with a model as {@code save_pretrained}
 * writes it. The other program may still be writing it.
 *
 * @param run name of the parent folder
 * @param step number of optimiser steps
 */
record CheckpointFolder(String run, int step, Path path) {
    private static final Pattern NAME = Pattern.compile("(?:step|checkpoint)-([0-9]{1,9})");
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";
    private static final int MAX_HEADER_BYTES = 100_000_000;
    private static final int MAX_JSON_BYTES = 100_000_000;
    private static final String TRAINER_STATE = "trainer_state.json";

    /** The name, size and modification time (milliseconds since 1970) of a file. */
    record Stamp(String name, long bytes, long modified) {}

    /** The content of a folder: its hash, and the number of bytes of its weights. */
    record Content(String hash, long bytes) {}

    /** Returns the checkpoints of a run, by step; none if the run has no folder. */
    static List<CheckpointFolder> of(Path folder, String run) throws IOException {
        Path own = folder.resolve(run);
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        List<CheckpointFolder> found = new ArrayList<>();
        try (Stream<Path> inside = Files.list(own)) {
            for (Path path : inside.filter(Files::isDirectory).toList()) {
                Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
                if (name.matches()) {
                    found.add(new CheckpointFolder(run, Integer.parseInt(name.group(1)), path));
                }
            }
        }
        // By name if two have the same step, so that they are reported in a fixed order.
        found.sort(Comparator.comparingInt(CheckpointFolder::step).thenComparing(CheckpointFolder::title));
        return found;
    }

    /** Returns whether a folder contains a model or is named like a checkpoint. */
    static boolean isModel(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) || isNamed(folder);
    }

    /** Returns whether a folder's name contains a step. */
    static boolean isNamed(Path folder) {
        return NAME.matcher(String.valueOf(folder.getFileName())).matches();
    }

    /** Returns the name for messages, {@code RUN/step-N}. */
    String title() {
        return run + "/" + path.getFileName();
    }

    /** Returns the stamps of the folder's files, by name. */
    List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                stamps.add(new Stamp(
                        String.valueOf(file.getFileName()),
                        Files.size(file),
                        Files.getLastModifiedTime(file).toMillis()));
            }
        }
        return stamps;
    }

    /**
     * Describes the first file that is missing or incomplete; empty if every file exists and has
     * the length that its content announces.
     */
    Optional<String> missing() throws IOException {
        for (String name : List.of(CONFIG, TOKENIZER)) {
            if (json(name).isEmpty()) {
                return Optional.of(name + " is not there, or not to its end");
            }
        }
        if (Files.exists(path.resolve(INDEX))) {
            Optional<JsonNode> index = json(INDEX);
            if (index.isEmpty()) {
                return Optional.of(INDEX + " is not there to its end");
            }
            TreeSet<String> shards = new TreeSet<>();
            index.get().path("weight_map").forEach(shard -> shards.add(shard.asText()));
            for (String shard : shards) {
                if (isShort(path.resolve(shard))) {
                    return Optional.of(shard + " is not there to its end");
                }
            }
            return Optional.empty();
        }
        return isShort(path.resolve(WEIGHTS)) ? Optional.of(WEIGHTS + " is not there to its end") : Optional.empty();
    }

    /**
     * Returns the object in a JSON file; empty if the file does not exist or ends too early, as
     * while it is being written.
     *
     * @throws Refusal if the file exists but contains something else
     */
    private Optional<JsonNode> json(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = HarnessResults.JSON.readTree(Utf8Files.read(file, MAX_JSON_BYTES));
            if (!root.isObject() && !root.isMissingNode()) {
                throw new Refusal(name + " holds no JSON object: save the model again");
            }
            return Optional.of(root).filter(JsonNode::isObject);
        } catch (JsonEOFException halfWritten) {
            return Optional.empty();
        } catch (JsonProcessingException broken) {
            throw new Refusal(
                    name + " is no JSON (line " + broken.getLocation().getLineNr() + ": "
                            + broken.getOriginalMessage().lines().findFirst().orElse("") + "): save the model again",
                    broken);
        }
    }

    /**
     * Checks that {@code trainer_state.json}, if it exists, gives the same step as the folder's
     * name.
     *
     * @throws Refusal if it gives another step
     */
    void checkStep() throws IOException {
        Optional<JsonNode> reported = json(TRAINER_STATE).map(state -> state.path("global_step"));
        if (reported.filter(global -> global.isNumber() && global.asLong() != step)
                .isPresent()) {
            throw new Refusal(TRAINER_STATE + " in it says that global_step is "
                    + reported.get().asText() + ", and its name says " + step
                    + ": give the folder the name of its step");
        }
    }

    /**
     * Returns whether a safetensors file is shorter than its header announces. A file whose header
     * is not JSON is damaged rather than short.
     */
    private static boolean isShort(Path file) throws IOException {
        if (!Files.exists(file)) {
            return true;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            long header = Long.reverseBytes(in.readLong());
            if (header < 2 || header > MAX_HEADER_BYTES) {
                return false;
            }
            byte[] text = in.readNBytes((int) header);
            if (text.length < header) {
                return true;
            }
            long end = 0;
            for (Map.Entry<String, JsonNode> tensor : HarnessResults.JSON
                    .readTree(new String(text, StandardCharsets.UTF_8))
                    .properties()) {
                end = Math.max(
                        end, tensor.getValue().path("data_offsets").path(1).asLong());
            }
            return Files.size(file) < Long.BYTES + header + end;
        } catch (EOFException withinLength) {
            return true;
        } catch (JsonProcessingException damaged) {
            return false;
        }
    }

    /** Returns the hash of configuration, weights and tokenizer, and the size of the weights. */
    Content content() throws IOException {
        String model = ModelFolders.remember(path);
        String tokenizer = ModelFolders.rememberTokenizer(path);
        long bytes = stamps().stream()
                .filter(file -> file.name().endsWith(".safetensors"))
                .mapToLong(Stamp::bytes)
                .sum();
        return new Content(Sha256.hex((model + "  " + tokenizer).getBytes(StandardCharsets.UTF_8)), bytes);
    }
}
