package basin.aggregator.report;

import basin.aggregator.view.DataOrigin;
import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The question behind an answer, with what is needed to repeat it. Immutable.
 *
 * @param text text of the analysis file
 * @param generation name of the answer
 * @param measured estimator of measurements made for this answer; empty if there are none
 * @param command command that gives the same answer
 * @param remarks sentences about the answer, such as on weights that no longer exist
 */
public record Asked(String text, String generation, String measured, String command, List<String> remarks) {
    /** The study's own question, which needs no analysis file. */
    public static final Asked OWN = new Asked("", DataOrigin.OWN.generation(), "", "", List.of());

    public Asked {
        remarks = List.copyOf(remarks);
    }

    /** Returns the SHA-256 of the analysis file's text in UTF-8, 64 hexadecimal digits. */
    public String hash() {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
