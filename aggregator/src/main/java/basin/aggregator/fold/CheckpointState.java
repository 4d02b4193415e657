package basin.aggregator.fold;

import basin.record.Event;
import basin.study.ExpansionRecipe;
import basin.study.Quantity;
import basin.study.SizeSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a checkpoint. Immutable.
 *
 * @param flatness in the order of their questions, each by the newest version on record
 * @param downstream in the order of their ids
 * @param layers traces by tensor, in the order of their questions, each by the newest version on record
 * @param spectra in the order of their questions, each by the newest version on record
 */
public record CheckpointState(
        Event.CheckpointPublished published,
        List<Event.FlatnessMeasured> flatness,
        List<Event.DownstreamMeasured> downstream,
        List<Event.LayersMeasured> layers,
        List<Event.SpectrumMeasured> spectra) {
    /** Of several measurements of one quantity those of the network itself come first; then by recipe and architecture. */
    public static final Comparator<Event.FlatnessMeasured> OWN_ARCHITECTURE_FIRST = Comparator.comparing(
                    (Event.FlatnessMeasured one) -> one.requested().expandTo().isPresent())
            .thenComparing(one -> one.requested().recipe().equals(Optional.of(ExpansionRecipe.LEADING)))
            .thenComparing(one -> one.requested().expandTo().map(SizeSpec::name).orElse(""));

    /**
     * A quantity's measurement: of the network itself where there is one, else of the network embedded; of several estimators' the one whose
     * id is smallest.
     */
    public Optional<Event.FlatnessMeasured> flatness(Quantity quantity) {
        return flatness.stream().filter(one -> one.quantity() == quantity).min(OWN_ARCHITECTURE_FIRST);
    }

    /** The accuracy on a task by a protocol, by their names. */
    public Optional<Event.DownstreamMeasured> downstream(String task, String protocol) {
        return downstream.stream()
                .filter(one -> one.task().name().equals(task))
                .filter(one -> one.protocol().name().equals(protocol))
                .findFirst();
    }
}
