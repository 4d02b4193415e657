package basin.study.file;

import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** The parser's syntax errors in words for the writer of the file: what is wrong, and the fix. */
final class YamlWords {
    private static final String QUOTES = "put the text in quotes";

    /** Words for all errors whose description contains a text; the first that fits is used. */
    private record Words(String described, String words) {}

    private static final List<Words> ALL = List.of(
            new Words("(TAB)", "a tab stands where blanks indent the line: indent with blanks"),
            new Words(
                    "cannot start any token",
                    "a value begins with a character that begins none without quotes: " + QUOTES),
            new Words(
                    "mapping values are not allowed",
                    "a ':' stands where no field can begin: put a text that contains ': ' in quotes, or indent the line"
                            + " as its neighbours"),
            new Words(
                    "could not find expected ':'",
                    "a field begins here and has no ':' after its name: write it as name: value, or close the quotation"
                            + " mark or bracket before it"),
            new Words("unexpected end of stream", "a quotation mark opens here and is not closed: close it"),
            new Words(
                    "expected ',' or ']'",
                    "a list in brackets has neither a comma nor its ']' here: add the one that is missing"),
            new Words(
                    "expected ',' or '}'",
                    "fields in braces have neither a comma nor their '}' here: add the one that is missing"),
            new Words(
                    "expected <block end>",
                    "this line belongs to no level above it: indent the fields or entries of one level alike"),
            new Words("escape", "a backslash in double quotes means no character here: use single quotes"),
            new Words("undefined alias", "a '*' begins the name of a value that is not there: " + QUOTES),
            new Words(
                    "unexpected character", "a '*' or '&' begins a name of a value and is followed by none: " + QUOTES),
            new Words("alphabetic", "a '%', '*' or '&' begins a name and is followed by none: " + QUOTES),
            new Words("directive", "a '%' begins the line, which begins no field: " + QUOTES),
            new Words("digit", "a '%' begins the line, which begins no field: " + QUOTES),
            new Words(
                    "sequence entries are not allowed",
                    "a '-' stands where no list entry can begin: begin each entry on a line of its own, or " + QUOTES),
            new Words("mapping keys are not allowed", "a '?' stands where no field can begin: " + QUOTES),
            new Words("simple key", "a field stands where none can begin: begin it on a line of its own"),
            new Words(
                    "document",
                    "a second document begins here, or text follows the end of the first: keep one document"),
            new Words("node content", "a punctuation mark stands where a value begins: give the value, or " + QUOTES),
            new Words("tag", "a '!' begins the name of a type, which no field has: " + QUOTES),
            new Words("URI", "a '!' begins the name of a type, which no field has: " + QUOTES),
            new Words(
                    "indentation",
                    "a '|' or '>' begins a text of several lines and is followed by something else: " + QUOTES),
            new Words(
                    "comment or a line break",
                    "a '|' or '>' begins a text of several lines and is followed by something else: " + QUOTES),
            new Words("Number of aliases", "it repeats values by '*' too often: write the values themselves"),
            new Words("Nesting Depth", "it has more than " + YamlTree.MAX_DEPTH + " levels: use fewer"),
            new Words("", "this is no YAML: put texts with punctuation marks in quotes"));

    private YamlWords() {}

    /** Returns where and what the mistake is, and the fix, in one clause. */
    static String of(YAMLException error) {
        return switch (error) {
            case MarkedYAMLException marked -> {
                String described = marked.getProblem() + " " + marked.getContext();
                // These errors are found where the text ends, and made where it begins.
                Mark mark = marked.getContextMark() != null
                                && (described.contains("end of stream") || described.contains("expected ':'"))
                        ? marked.getContextMark()
                        : marked.getProblemMark();
                yield "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": " + plain(described);
            }
            case ReaderException character ->
                String.format(
                        "character %d is U+%04X, which is no part of a text: remove it",
                        character.getPosition() + 1, character.getCodePoint());
            default -> plain(String.valueOf(error.getMessage()));
        };
    }

    private static String plain(String described) {
        return ALL.stream()
                .filter(one -> described.contains(one.described()))
                .findFirst()
                .orElseThrow()
                .words();
    }
}
