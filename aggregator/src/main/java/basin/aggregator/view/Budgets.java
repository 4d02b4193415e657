package basin.aggregator.view;

import basin.study.ProtocolSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Grouping of a study's protocols that differ only in name and number of labels. */
final class Budgets {
    private Budgets() {}

    /** Returns the groups with at least two numbers of labels, in the order of the study. */
    static List<StudyView.Budget> of(List<ProtocolSpec> protocols) {
        Map<ProtocolSpec, List<ProtocolSpec>> families = new LinkedHashMap<>();
        protocols.forEach(protocol -> families.computeIfAbsent(
                        protocol.called("any", ProtocolSpec.MIN_LABELS), any -> new ArrayList<>())
                .add(protocol));
        return families.values().stream()
                .filter(family ->
                        family.stream().map(ProtocolSpec::labels).distinct().count() > 1)
                .map(family -> new StudyView.Budget(
                        name(family),
                        family.stream()
                                .sorted(Comparator.comparingInt(ProtocolSpec::labels))
                                .map(one -> new StudyView.Budget.Labelled(one.name(), one.labels()))
                                .toList()))
                .toList();
    }

    /**
     * Returns the common name. If every name ends with its number of labels, as names made from a
     * list of labels do, the number is removed.
     */
    private static String name(List<ProtocolSpec> family) {
        List<String> stems = family.stream()
                .map(one -> one.name().endsWith("-" + one.labels())
                        ? one.name().substring(0, one.name().lastIndexOf('-'))
                        : one.name())
                .distinct()
                .toList();
        return stems.size() == 1 ? stems.getFirst() : String.join(", ", stems);
    }
}
