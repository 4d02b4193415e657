package basin.language.task;

import basin.language.Language;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A task whose label is a function of the sentence's words. Thread-safe.
 *
 * @param names names of the classes, at least 2
 * @param label the class of a sentence, from 0; empty if the sentence has none
 */
record WordTask(Language language, List<String> names, Function<int[], OptionalInt> label) implements Task {
    WordTask {
        names = List.copyOf(names);
    }

    @Override
    public Labelled draw(RandomGenerator random) {
        int[] sentence = language.sample(random);
        return new Labelled(sentence, label.apply(sentence));
    }
}
