package basin.study.file;

import java.util.ArrayList;
import java.util.List;

/** The reference of all fields of files, as the documentation shows it. */
final class FieldReference {
    private FieldReference() {}

    /** Returns the page. */
    static String page() {
        List<String> lines = new ArrayList<>(List.of(
                "# Fields of study, question and manifest files",
                "",
                "Every field, its default, and what is allowed. This page is made from"
                        + " `infra/study/src/main/resources/basin/study/file/fields.yaml`, and so are",
                "the JSON Schemas in `infra/studies` and the defaults themselves. [study-files.md](study-files.md)"
                        + " explains study files.",
                "",
                "A path such as `language(tree).depth` is a field of `kind: tree`. *Needed* fields have no default. A"
                        + " default such as `training.steps / 4` is",
                "computed; `text: 1000` is the default with that kind of language (in `sizes`, that architecture; in"
                        + " `flatness`, that estimator)."));
        section(lines, "Study files", Fields.STUDY, "needed");
        section(lines, "Question files", Fields.QUESTION, "none: the study's");
        section(lines, "Manifests of `ingest`", Fields.MANIFEST, "needed");
        return String.join("\n", lines) + "\n";
    }

    private static void section(List<String> lines, String title, Fields fields, String without) {
        lines.addAll(List.of("", "## " + title, "", "| field | default | range | meaning |", "|---|---|---|---|"));
        for (Fields.Field field : fields.all()) {
            String defaults = field.defaults();
            String usual = !defaults.isEmpty()
                    ? "`" + defaults + "`"
                    : field.absent().map(meaning -> "none: " + meaning).orElse(without);
            lines.add("| `" + field.path() + "` | " + usual + " | " + range(field) + " | "
                    + field.about().replace("|", "\\|") + " |");
        }
    }

    private static String range(Fields.Field field) {
        List<String> bounds = new ArrayList<>();
        field.bound("min").ifPresent(bound -> bounds.add("≥ " + YamlText.flow(bound)));
        field.bound("above").ifPresent(bound -> bounds.add("> " + YamlText.flow(bound)));
        field.bound("max").ifPresent(bound -> bounds.add("≤ " + YamlText.flow(bound)));
        field.bound("below").ifPresent(bound -> bounds.add("< " + YamlText.flow(bound)));
        return String.join(", ", bounds);
    }
}
