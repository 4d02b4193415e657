package basin.aggregator.fold;

import basin.record.Event;
import basin.study.ExpansionRecipe;
import basin.study.Quantity;
import basin.study.SizeSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The state of a checkpoint. Immutable.
 *
 * @param flatness flatness measurements in the order of their questions, each by the newest
 *     recorded version
 * @param downstream accuracies in the order of their ids
 * @param layers traces by tensor in the order of their questions, each by the newest recorded
 *     version
 * @param spectra spectra in the order of their questions, each by the newest recorded version
 */
public record CheckpointState(
        Event.CheckpointPublished published,
        List<Event.FlatnessMeasured> flatness,
        List<Event.DownstreamMeasured> downstream,
        List<Event.LayersMeasured> layers,
        List<Event.SpectrumMeasured> spectra) {
    /**
     * Orders measurements of a quantity: those of the network itself first, then by recipe and
     * architecture.
     */
    public static final Comparator<Event.FlatnessMeasured> OWN_ARCHITECTURE_FIRST = Comparator.comparing(
                    (Event.FlatnessMeasured one) -> one.requested().expandTo().isPresent())
            .thenComparing(one -> one.requested().recipe().equals(Optional.of(ExpansionRecipe.LEADING)))
            .thenComparing(one -> one.requested().expandTo().map(SizeSpec::name).orElse(""));

    /**
     * Returns a quantity's measurement: that of the network itself if it exists, otherwise that of
     * the embedded network. Among several estimators, the one with the smallest id is chosen.
     */
    public Optional<Event.FlatnessMeasured> flatness(Quantity quantity) {
        return flatness.stream().filter(one -> one.quantity() == quantity).min(OWN_ARCHITECTURE_FIRST);
    }

    /** Returns the accuracy on a task by a protocol, both given by name. */
    public Optional<Event.DownstreamMeasured> downstream(String task, String protocol) {
        return downstream.stream()
                .filter(one -> one.task().name().equals(task))
                .filter(one -> one.protocol().name().equals(protocol))
                .findFirst();
    }
}
