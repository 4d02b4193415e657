package basin.cli.document;

import basin.study.ProgramVersion;
import java.util.List;

/**
 * The flatness of several models, as printed by {@code basin probe DIR DIR --json}.
 *
 * @param program version of the program that measured
 * @param probes the report on each folder that was measured, in the order given
 * @param refused the folders that were not measured
 * @param differences paired differences between models of one architecture on the same batches
 * @param unpaired the folders that have a difference to none
 */
public record ProbesDocument(
        ProgramVersion program,
        List<ProbeDocument> probes,
        List<Reason> refused,
        List<Difference> differences,
        List<Reason> unpaired) {
    public ProbesDocument {
        probes = List.copyOf(probes);
        refused = List.copyOf(refused);
        differences = List.copyOf(differences);
        unpaired = List.copyOf(unpaired);
    }

    /**
     * A folder and why something is not done with it.
     *
     * @param folder the folder
     * @param sentence why, in one sentence
     */
    public record Reason(String folder, String sentence) {}

    /**
     * A folder's value minus another's, over the batches that both have.
     *
     * @param folder the folder
     * @param against the folder whose value is subtracted
     * @param quantity id of the quantity, or loss
     * @param value the mean difference; its interval is corrected for skewness
     */
    public record Difference(String folder, String against, String quantity, UncertainNumber value) {}
}
