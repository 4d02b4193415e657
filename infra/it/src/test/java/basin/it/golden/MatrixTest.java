package basin.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import basin.it.golden.Matrix.Case;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a sample of the matrix is small and has every value of every factor. */
class MatrixTest {
    @Test
    void aSampleHasEveryValueInFewCases() {
        List<Case> all = new ArrayList<>();
        for (String language : Matrix.LANGUAGES.keySet()) {
            for (Matrix.Pair pair : Matrix.pairs()) {
                for (String algorithm : Matrix.ALGORITHMS.keySet()) {
                    all.add(new Case(language, pair, algorithm));
                }
            }
        }
        List<Case> sample = Matrix.sample(all);
        assertThat(all).containsSubsequence(sample);
        assertThat(sample).extracting(Case::language).containsAll(Matrix.LANGUAGES.keySet());
        assertThat(sample).extracting(Case::pair).containsAll(Matrix.pairs());
        assertThat(sample)
                .hasSameSizeAs(Matrix.ALGORITHMS.keySet())
                .extracting(Case::algorithm)
                .containsAll(Matrix.ALGORITHMS.keySet());
    }
}
