package basin.evaluator.task;

import basin.language.Brackets;
import basin.study.Refusal;
import basin.study.TaskSpec;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** How many brackets open within a span; from the start of the string it tells how deep the brackets are there. Thread-safe. */
final class OpeningsTask implements Task {
    private final Brackets language;
    private final int from;
    private final int to;
    private final List<Integer> possible;

    OpeningsTask(Brackets language, TaskSpec spec) {
        this.language = language;
        this.from = spec.start();
        this.to = spec.length() == 0 ? language.longest() : spec.start() + spec.length();
        this.possible = language.openings(from, to);
        if (possible.size() < 2) {
            throw new Refusal("the span of task '" + spec.name() + "' has start " + from + " and length "
                    + spec.length() + ": it has " + possible.getFirst()
                    + " opening brackets in every string; give another start or length.");
        }
    }

    @Override
    public int classes() {
        return possible.size();
    }

    @Override
    public List<String> names() {
        return possible.stream().map(String::valueOf).toList();
    }

    @Override
    public Labelled draw(RandomGenerator random) {
        int[] string = language.sample(random);
        int openings = 0;
        for (int t = from; t < to; t++) {
            openings += string[t] == Brackets.OPENING ? 1 : 0;
        }
        return new Labelled(string, OptionalInt.of(Collections.binarySearch(possible, openings)));
    }

    @Override
    public boolean isCertain() {
        return true;
    }

    @Override
    public double bestGuess(int[] sentence) {
        return 1;
    }
}
