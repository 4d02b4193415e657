package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.study.ArmSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.List;

/** A study's runs as a product in words. Thread-safe. */
final class GridWords {
    private GridWords() {}

    /**
     * Returns the number of runs and the factors that it is the product of, such as {@code 12 runs
     * (4 sizes × 1 algorithm × 3 learning rates × 1 seed)}. If algorithms have different numbers of
     * learning rates, an algorithm at a rate is an arm.
     */
    static String of(StudySpec study) {
        List<ArmSpec> trained = study.algorithms().stream()
                .filter(arm -> arm.algorithm().isTrained())
                .toList();
        List<Integer> rates = trained.stream()
                .map(arm -> arm.learningRatesOr(study.learningRates()).size())
                .toList();
        List<String> factors = new ArrayList<>();
        factors.add(Numbers.plural(study.sizes().size(), "size"));
        if (rates.stream().distinct().count() == 1) {
            factors.add(Numbers.plural(trained.size(), "algorithm"));
            factors.add(Numbers.plural(rates.getFirst(), "learning rate"));
        } else {
            factors.add(
                    Numbers.plural(rates.stream().mapToInt(Integer::intValue).sum(), "arm"));
        }
        factors.add(Numbers.plural(study.seeds().size(), "seed"));
        study.startFrom().ifPresent(starts -> factors.add(Numbers.plural(starts.size(), "checkpoint")));
        int tables = study.algorithms().size() - trained.size();
        String product = trained.isEmpty() ? "" : String.join(" × ", factors);
        String others = tables == 0 ? "" : (product.isEmpty() ? "" : ", and ") + Numbers.plural(tables, "lookup table");
        return Numbers.plural(StudyPlan.runs(study).size(), "run") + " (" + product + others + ")";
    }
}
