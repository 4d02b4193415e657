package basin.cli.ingest;

import basin.network.folder.FolderModel;
import basin.network.folder.TextTokenizer;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.file.ForeignJson;
import basin.study.file.ModelFolders;
import basin.study.file.UnfinishedFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private static final Pattern MODEL_FILE = Pattern.compile(
            "(?:config|adapter_config)[.]json|.*[.]safetensors|(?:pytorch|adapter)_model.*[.]bin|.*[.]gguf");
    private static final int MAX_JSON_BYTES = 100_000_000;
    /** The file in which a Hugging Face {@code Trainer} keeps its state. */
    static final String TRAINER_STATE = "trainer_state.json";

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

    /** Returns whether a folder contains a model, or weights in any form, or is named like one. */
    static boolean isModel(Path folder) {
        return isNamed(folder) || holdsModel(folder);
    }

    /** Returns whether a folder itself contains a configuration or weights in any form. */
    static boolean holdsModel(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(file -> String.valueOf(file.getFileName()))
                    .anyMatch(name -> MODEL_FILE.matcher(name).matches());
        } catch (IOException | UncheckedIOException unreadable) {
            // A run's own folder is reported when it is listed; nothing is known of others.
            return false;
        }
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
     * Checks that the folder contains a model and a tokenizer that can be measured, and that {@code
     * trainer_state.json}, if it exists, gives the same step as the folder's name. Reads no
     * weights.
     *
     * @throws UnfinishedFile if a file is absent or ends too early, as while it is being written
     * @throws Refusal if the folder can never be measured as it is; one sentence
     */
    void check() throws IOException {
        FolderModel.check(path);
        TextTokenizer.check(path);
        JsonNode reported = json(TRAINER_STATE).path("global_step");
        if (reported.isNumber() && reported.asLong() != step) {
            throw new Refusal(TRAINER_STATE + " in it says that global_step is " + reported.asText()
                    + ", and its name says " + step + ": give the folder the name of its step");
        }
    }

    /**
     * Returns the content of one of the folder's JSON files; a missing node if it is absent.
     *
     * @throws UnfinishedFile if it ends too early, as while it is being written
     * @throws Refusal if it is invalid
     */
    JsonNode json(String name) throws IOException {
        Path file = path.resolve(name);
        return Files.exists(file)
                ? ForeignJson.object(file, MAX_JSON_BYTES, "let the trainer write it again")
                : MissingNode.getInstance();
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
