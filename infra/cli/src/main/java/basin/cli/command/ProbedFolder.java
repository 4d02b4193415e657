package basin.cli.command;

import basin.cli.document.ProbeDocument;
import basin.flatness.FolderProbe;
import basin.network.Network;
import basin.network.Parameter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder that was measured, with what later comparisons need, without its weights. Immutable.
 *
 * @param folder as the user named it
 * @param network function of its weights
 * @param loss loss of each batch
 * @param result values of each batch
 * @param report the report on it
 */
record ProbedFolder(
        Path folder, Network network, FolderProbe.Loss loss, FolderProbe.Result result, ProbeDocument report) {
    /** The name of the loss among the quantities. */
    static final String LOSS = "loss";

    /**
     * The values of a quantity.
     *
     * @param quantity id of the quantity, or loss
     * @param unit unit of the values
     * @param values one per batch
     */
    record Series(String quantity, String unit, List<Double> values) {
        Series {
            values = List.copyOf(values);
        }
    }

    /** Returns the values of the loss and of every measured quantity. */
    List<Series> series() {
        return IntStream.rangeClosed(0, report.readings().size())
                .mapToObj(i -> i == 0
                        ? new Series(LOSS, report.loss().unit(), loss.values())
                        : new Series(
                                report.readings().get(i - 1).quantity(),
                                report.readings().get(i - 1).value().unit(),
                                result.values().get(i - 1)))
                .toList();
    }

    /**
     * Returns why this folder has no paired difference to another one; empty if it has. Both must
     * be of one architecture and have the same sentences, tokens and predicted places.
     *
     * @param name name of the other folder in the sentence
     */
    Optional<String> unlike(ProbedFolder other, String name) {
        if (!network.type().equals(other.network.type())) {
            return Optional.of(
                    "its model_type is " + network.type() + ", that of " + name + " " + other.network.type());
        }
        if (network.vocabulary() != other.network.vocabulary()) {
            return Optional.of("its vocabulary has " + network.vocabulary() + " tokens, that of " + name + " "
                    + other.network.vocabulary());
        }
        if (!shapes().equals(other.shapes())) {
            return Optional.of("its tensors have other shapes than those of " + name);
        }
        if (!report.data().sha256().equals(other.report.data().sha256())) {
            return Optional.of("it is measured on another language than " + name);
        }
        return agree(loss.drawn(), other.loss.drawn()) && agree(result.drawn(), other.result.drawn())
                ? Optional.empty()
                : Optional.of("its tokenizer gives other tokens than that of " + name);
    }

    private List<String> shapes() {
        return network.parameters().stream().map(ProbedFolder::shape).toList();
    }

    private static String shape(Parameter parameter) {
        return parameter.name() + Arrays.toString(parameter.shape());
    }

    private static boolean agree(List<String> own, List<String> others) {
        int both = Math.min(own.size(), others.size());
        return own.subList(0, both).equals(others.subList(0, both));
    }
}
