package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import basin.study.Refusal;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that every mistake of YAML is told by line, column, what is wrong and the fix. */
class YamlWordsTest {
    private static final String[] OF_THE_PARSER = {
        "token",
        "scalar",
        "stream",
        "block",
        "mapping",
        "sequence",
        "node",
        "alias",
        "expected",
        "found",
        "exception",
        "Nesting"
    };

    private static final String WHOLE = """
        name: "a b"
        # a comment
        language: {kind: tree, depth: 2, words: ['x', "y\\n"]}
        sizes:
          - {name: d8, width: 8}
          - name: d16
            width: 16
        text: |
          several
          lines
        last: [1, 2.5, true]
        """;

    private static Refusal refusal(String yaml) {
        return catchThrowableOfType(Refusal.class, () -> new Mistakes(YamlTree.parse(yaml, "a.yaml")).refuse("a.yaml"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("a: 1\n\tb: 2\n", "line 2, column 1: a tab"),
                Arguments.of("a:\n\t- 1\n", "line 2, column 1: a tab"),
                Arguments.of("a: b: c\n", "line 1, column 5: a ':' stands where no field can begin"),
                Arguments.of("a: 1\nb\nc: 2\n", "line 2, column 1: a field begins here and has no ':'"),
                Arguments.of("a: \"b\nc: 2\n", "line 1, column 4: a quotation mark opens here and is not closed"),
                Arguments.of("a: [1, 2\nb: 3\n", "line 2, column 2: a list in brackets"),
                Arguments.of("a: {b: 1\nc: 3\n", "line 2, column 2: fields in braces"),
                Arguments.of("a: 1\n  b: 2\n", "line 2, column 4: a ':' stands"),
                Arguments.of("a:\n    b: 1\n  c: 2\n", "line 3, column 3: this line belongs to no level"),
                Arguments.of("- a\nb: 1\n", "line 2, column 1: this line belongs to no level"),
                Arguments.of("a: \"\\q\"\n", "line 1, column 6: a backslash in double quotes"),
                Arguments.of("a: \"\\xzz\"\n", "line 1, column 7: a backslash in double quotes"),
                Arguments.of("a: *b\n", "line 1, column 4: a '*' begins the name"),
                Arguments.of("a: * b\n", "line 1, column 5: a '*' or '&' begins a name"),
                Arguments.of("a: - b\n", "line 1, column 4: a '-' stands"),
                Arguments.of("a: @b\n", "line 1, column 4: a value begins with a character"),
                Arguments.of("a: `b`\n", "line 1, column 4: a value begins with a character"),
                Arguments.of("a: 1\n---\nb: 2\n", "line 2, column 1: a second document"),
                Arguments.of("a: ]\n", "line 1, column 4: a punctuation mark"),
                Arguments.of("a: !x!y z\n", "line 1, column 4: a '!'"),
                Arguments.of("a: |x\n  b\n", "line 1, column 5: a '|' or '>'"),
                Arguments.of("a: \u0007\n", "character 4 is U+0007"),
                Arguments.of("a: " + "[".repeat(70) + "]".repeat(70), "it has more than 64 levels"),
                Arguments.of("{[a]: 1}\n", "line 1: the name of a field is a list"),
                Arguments.of("a: 1\nb: 2\na: 3\n", "line 3: field 'a' is given twice, first in line 1: remove one"),
                Arguments.of("{\"a\": {\"b\": 1,\n \"b\": 1}}\n", "line 2: field 'a.b' is given twice"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInPlainWords(String yaml, String expected) {
        assertThat(refusal(yaml))
                .isNotNull()
                .hasMessageStartingWith("a.yaml: " + expected)
                .hasMessageEndingWith(".")
                .hasMessageNotContainingAny(OF_THE_PARSER);
    }

    @Test
    void noDamageToAFileIsToldInTheParsersWords() {
        assertThat(refusal(WHOLE)).isNull();
        Random random = new Random(7);
        String marks = ":-[]{}\"'\t\n *&!|>@%#?,`\\";
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder damaged = new StringBuilder(WHOLE);
            for (int k = random.nextInt(3); k >= 0; k--) {
                int at = random.nextInt(damaged.length());
                damaged.replace(at, at + random.nextInt(2), marks.charAt(random.nextInt(marks.length())) + "");
            }
            Refusal refusal = refusal(damaged.toString());
            if (refusal != null) {
                refused++;
                assertThat(refusal)
                        .as(damaged.toString())
                        .hasMessageStartingWith("a.yaml")
                        .hasMessageNotContainingAny(OF_THE_PARSER)
                        .hasMessageNotContaining("this is no YAML");
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }
}
