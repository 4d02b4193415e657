package basin.aggregator.analysis;

import basin.aggregator.statistics.SmallestDetectable;
import basin.study.Association;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The smallest correlations that a study can detect, computed from its design before it runs. Pure
 * functions.
 */
public final class StudyPower {
    /** Significance level of the two-sided test. */
    public static final double SIGNIFICANCE = SmallestDetectable.SIGNIFICANCE;

    /** Probability of detection. */
    public static final double POWER = SmallestDetectable.POWER;

    private StudyPower() {}

    /**
     * A comparison of runs.
     *
     * @param title title for display
     * @param smallest smallest detectable absolute coefficient; absent if there are too few runs
     */
    public record Comparison(String title, OptionalDouble smallest) {}

    /**
     * Returns the comparisons over all runs and within sizes, rates and algorithms, assuming that
     * all runs reach the same loss. Runs trained against a task and tables are excluded because
     * they are in no correlation.
     */
    public static List<Comparison> of(StudySpec study) {
        List<RunSpec> runs = StudyPlan.runs(study).stream()
                .map(StudyPlan.PlannedRun::spec)
                .filter(run -> run.algorithm().isTrained() && !run.algorithm().looksAtATask())
                .toList();
        List<Comparison> comparisons = new ArrayList<>();
        for (Association association : Association.values()) {
            comparisons.add(new Comparison(
                    association.title() + " over " + runs.size() + " runs",
                    SmallestDetectable.over(association, runs.size())));
        }
        within(comparisons, "sizes", runs, run -> run.size().name());
        within(comparisons, "rates", runs, RunSpec::learningRate);
        within(comparisons, "algorithms", runs, run -> run.algorithm().name());
        return List.copyOf(comparisons);
    }

    private static void within(
            List<Comparison> comparisons, String strata, List<RunSpec> runs, Function<RunSpec, Object> by) {
        int[] sizes = runs.stream().collect(Collectors.groupingBy(by, Collectors.counting())).values().stream()
                .mapToInt(Math::toIntExact)
                .toArray();
        if (sizes.length > 1) {
            comparisons.add(new Comparison(
                    "Kendall's tau within " + sizes.length + " " + strata, SmallestDetectable.withinStrata(sizes)));
        }
    }
}
