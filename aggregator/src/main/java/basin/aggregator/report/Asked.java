package basin.aggregator.report;

import basin.study.Ids;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What was asked, for whoever wants to ask it again. Immutable.
 *
 * @param text of the analysis file
 * @param generation the name of the answer, {@code live} where it has none
 * @param measured estimator of measurements made for this answer, empty where there are none
 * @param command that gives the same answer
 * @param remarks a sentence each, such as on weights that are gone
 */
public record Asked(String text, String generation, String measured, String command, List<String> remarks) {
    public Asked {
        remarks = List.copyOf(remarks);
    }

    /** SHA-256 of the analysis file's text in UTF-8, 64 hexadecimal digits. */
    public String hash() {
        return Ids.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
