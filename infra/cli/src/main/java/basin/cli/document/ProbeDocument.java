package basin.cli.document;

import basin.study.ProgramVersion;
import basin.study.file.ModelFolders;
import java.util.List;
import java.util.Optional;

/**
 * The flatness of a model in a folder, as printed by {@code basin probe --json}.
 *
 * @param program version of the program that measured
 * @param model the model
 * @param data the population on which it was measured
 * @param loss mean over examples of each example's mean loss over its predictions, in nats per
 *     predicted token
 * @param uniformLoss loss of a model that gives every token the same probability, the logarithm of
 *     the vocabulary, in nats
 * @param notes one sentence for each thing that is read otherwise than the files say, or that may
 *     be wrong with model and text
 * @param estimator name of the estimator
 * @param estimatorVersion version of the estimator; another version may give other numbers
 * @param sample what was drawn for the measurement
 * @param dtype float32 or float64
 * @param device device on which it was measured
 * @param wanted relative standard error that was asked for, without a unit; null if none was
 * @param seconds wall-clock time of the measurement, in seconds
 * @param gradients cost of the measurement, in gradients of one example
 * @param readings the quantities measured
 */
public record ProbeDocument(
        ProgramVersion program,
        Model model,
        Data data,
        UncertainNumber loss,
        double uniformLoss,
        List<String> notes,
        String estimator,
        int estimatorVersion,
        Sample sample,
        String dtype,
        String device,
        Optional<Double> wanted,
        double seconds,
        double gradients,
        List<Reading> readings) {
    public ProbeDocument {
        notes = List.copyOf(notes);
        readings = List.copyOf(readings);
    }

    /**
     * A model.
     *
     * @param folder its folder
     * @param type type of the network, as in config.json
     * @param storedAs number types of the stored weights
     * @param parameters number of parameters
     * @param files its configuration and weights with their SHA-256
     */
    public record Model(
            String folder, String type, String storedAs, int parameters, List<ModelFolders.HashedFile> files) {
        public Model {
            files = List.copyOf(files);
        }
    }

    /**
     * The population on which a model was measured.
     *
     * @param description the lines of a text, or the model's own language, in words
     * @param file name of the text, or of the file of the language
     * @param sha256 SHA-256 of that file, 64 hexadecimal digits
     */
    public record Data(String description, String file, String sha256) {}

    /**
     * The sample that was drawn.
     *
     * @param batches number of independent batches
     * @param batch examples per batch
     * @param sentences examples in all batches
     * @param tokens tokens in all batches
     * @param predictions predicted tokens in all batches
     * @param probes probes per batch
     * @param seed seed of all draws
     */
    public record Sample(
            int batches, int batch, long sentences, long tokens, long predictions, int probes, long seed) {}

    /**
     * A measured quantity.
     *
     * @param quantity id of the quantity
     * @param value the estimate; its interval is corrected for skewness
     * @param perParameter the estimate divided by the number of parameters, in its unit
     * @param parameters number of parameters included
     * @param effectiveRank tr(A)²/‖A‖² of a batch's matrix, without a unit; null if the estimator
     *     does not give it
     */
    public record Reading(
            String quantity,
            UncertainNumber value,
            double perParameter,
            long parameters,
            Optional<Double> effectiveRank) {}
}
