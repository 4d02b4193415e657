package basin.cli.command;

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
        factors.add(count(study.sizes().size(), "size"));
        if (rates.stream().distinct().count() == 1) {
            factors.add(count(trained.size(), "algorithm"));
            factors.add(count(rates.getFirst(), "learning rate"));
        } else {
            factors.add(count(rates.stream().mapToInt(Integer::intValue).sum(), "arm"));
        }
        factors.add(count(study.seeds().size(), "seed"));
        study.startFrom().ifPresent(starts -> factors.add(count(starts.size(), "checkpoint")));
        int tables = study.algorithms().size() - trained.size();
        String product = trained.isEmpty() ? "" : String.join(" × ", factors);
        String others = tables == 0 ? "" : (product.isEmpty() ? "" : ", and ") + count(tables, "lookup table");
        return count(StudyPlan.runs(study).size(), "run") + " (" + product + others + ")";
    }

    /** Returns a number of things, such as {@code 2 sizes}. */
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
