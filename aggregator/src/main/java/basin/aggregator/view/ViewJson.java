package basin.aggregator.view;

import basin.study.Json;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * JSON for readers outside the record: views, words and tables. It differs from the record's JSON
 * in two names: enum constants are in lower case with hyphens, and standard errors are called
 * {@code stderr}, as in CSV and metrics. It is only written, never read. Thread-safe.
 */
public final class ViewJson {
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .enumNamingStrategy(EnumNamingStrategies.KEBAB_CASE)
            .propertyNamingStrategy(new Names())
            .build();

    private static final JsonMapper WITHOUT_RUNS_AND_ROWS =
            MAPPER.rebuild().addMixIn(StudyView.class, Shell.class).build();

    private static final Pattern WORD = Pattern.compile("_(\\w)");

    private ViewJson() {}

    /** Returns the name in JSON of a column: {@code weightNorm} for {@code weight_norm}. */
    static String field(String column) {
        return WORD.matcher(column).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }

    /** Leaves out what grows with the study. */
    @JsonIgnoreProperties({"runs", "rows"})
    private interface Shell {}

    private static final class Names extends PropertyNamingStrategies.NamingBase {
        private static final long serialVersionUID = 1L;

        @Override
        public String translate(String name) {
            return name.equals("standardError") ? "stderr" : name;
        }
    }

    /**
     * Returns canonical JSON in UTF-8: fields are sorted by name, and every number has its shortest
     * decimal form. Equal values give the same bytes.
     */
    public static byte[] canonical(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This value has no JSON form: " + e.getOriginalMessage(), e);
        }
    }

    /** Returns a value as a tree with the same names as {@link #canonical}. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Returns a view without its runs and rows, with the same names as {@link #canonical}. */
    public static ObjectNode shell(StudyView view) {
        return WITHOUT_RUNS_AND_ROWS.valueToTree(view);
    }

    /** Returns an empty JSON array. */
    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Returns the same as {@link #canonical} as text. */
    public static String text(Object value) {
        return new String(canonical(value), StandardCharsets.UTF_8);
    }
}
