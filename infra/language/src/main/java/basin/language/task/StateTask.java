package basin.language.task;

import basin.language.Categorical;
import basin.language.HiddenPath;
import basin.language.Hmm;
import basin.study.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A task whose label is the hidden state that emitted a word: the drawn one, or the most likely one
 * given the sentence. Thread-safe.
 */
final class StateTask implements Task {
    private final Hmm model;
    private final int position;
    private final boolean drawn;

    StateTask(Hmm model, TaskSpec spec) {
        this.model = model;
        this.position = spec.start();
        this.drawn = spec.label() == TaskSpec.Label.STATE;
    }

    @Override
    public List<String> names() {
        return IntStream.range(0, model.states()).mapToObj(state -> "H" + state).toList();
    }

    @Override
    public Labelled draw(RandomGenerator random) {
        HiddenPath path = model.samplePath(random);
        if (position >= path.sentence().length) {
            return new Labelled(path.sentence(), OptionalInt.empty());
        }
        return new Labelled(
                path.sentence(),
                drawn
                        ? OptionalInt.of(path.states()[position])
                        : Categorical.likeliest(model.statePosterior(path.sentence(), position)));
    }

    @Override
    public boolean isCertain() {
        return !drawn;
    }

    @Override
    public double bestGuess(int[] sentence) {
        return drawn
                ? Arrays.stream(model.statePosterior(sentence, position)).max().orElseThrow()
                : 1;
    }
}
