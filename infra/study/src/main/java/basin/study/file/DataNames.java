package basin.study.file;

import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.TableSpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A resolver that replaces names of data files by hashes, and names of layouts by columns. */
final class DataNames {
    private DataNames() {}

    /** Resolves the files of a text and its tokenizer. */
    static void language(ObjectNode language, Path folder) {
        if (language.get("files") instanceof ArrayNode files) {
            List<String> hashes = new ArrayList<>();
            files.forEach(file -> hashes.add(hash("language.files", file.asText(), folder)));
            ArrayNode named = language.putArray("files");
            hashes.forEach(named::add);
        }
        String tokenizer = language.path("tokenizer").asText();
        if (language.path("tokenizer").isTextual() && !tokenizer.equals(LanguageSpec.Text.WORDS)) {
            language.put("tokenizer", hash("language.tokenizer", tokenizer, folder));
        }
    }

    /**
     * Resolves the tokenizer of the teacher's folder, which splits the texts of a task's table.
     *
     * @param draft whether it may be absent
     */
    static void tokenizer(JsonNode task, Path model, boolean draft) {
        if (!(task.path("table") instanceof ObjectNode table) || table.has("tokenizer")) {
            return;
        }
        Path file = model.resolve(ModelFolders.TOKENIZER);
        if (draft && !Files.exists(file)) {
            table.put("tokenizer", StudyFile.ABSENT);
            return;
        }
        if (!Files.isRegularFile(file)) {
            throw new Refusal("language.folder is " + model + ", which has no " + ModelFolders.TOKENIZER
                    + " to read the table of task '" + task.path("name").asText()
                    + "' with: save the model's fast tokenizer there, as"
                    + " AutoTokenizer.from_pretrained(MODEL, use_fast=True).save_pretrained(FOLDER) does.");
        }
        try {
            small("language.folder", file.toString(), file);
            table.put("tokenizer", ModelFolders.rememberTokenizer(model));
        } catch (IOException e) {
            throw new Refusal("language.folder: " + file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    /**
     * Resolves the files and columns of a task's table.
     *
     * @param draft whether the files may be absent
     */
    static void task(JsonNode task, Path folder, boolean draft) {
        if (!(task instanceof ObjectNode own) || !(own.get("table") instanceof ObjectNode table)) {
            return;
        }
        // The record has a span in every task. The span of a task with a table is the whole text.
        own.putIfAbsent("start", own.numberNode(0));
        own.putIfAbsent("length", own.numberNode(0));
        own.putIfAbsent("label", own.textNode("column"));
        for (String field : List.of("file", "test")) {
            if (table.path(field).isTextual()) {
                String name = table.path(field).asText();
                table.put(
                        field,
                        draft && !isHash(name) && !Files.exists(FileNames.beside(folder, name, "tasks.table." + field))
                                ? StudyFile.ABSENT
                                : hash("tasks.table." + field, name, folder));
            }
        }
        if (table.has("layout")) {
            if (table.has("texts") || table.has("label") || table.has("classes")) {
                throw new Refusal("tasks.table.layout is '"
                        + table.path("layout").asText() + "' beside names of columns: give the one or the other.");
            }
            TableSpec.Columns columns = TableSpec.columns(table.remove("layout").asText());
            columns.texts().forEach(table.withArray("texts")::add);
            table.put("label", columns.label());
            columns.classes().forEach(table.withArray("classes")::add);
        } else if (!table.has("classes")) {
            table.putArray("classes");
        }
        // The table comes after the required fields, because a mistake within it is then reported
        // under the table's name.
        own.remove("table");
        own.set("table", table);
    }

    private static String hash(String field, String name, Path folder) {
        if (isHash(name)) {
            return name;
        }
        Path file = FileNames.beside(folder, name, field);
        if (!Files.isRegularFile(file)) {
            throw new Refusal(
                    field + " is '" + name + "', and there is no file " + file + ": name one beside the study file.");
        }
        try {
            small(field, name, file);
            return DataFiles.remember(file);
        } catch (IOException e) {
            throw new Refusal(field + " " + file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    private static boolean isHash(String name) {
        return name.matches("[0-9a-f]{64}");
    }

    private static void small(String field, String name, Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > DataFiles.MAX_BYTES) {
            throw new Refusal(field + " is '" + name + "', of " + bytes + " bytes: give a part of at most "
                    + DataFiles.MAX_BYTES + ".");
        }
    }
}
