package basin.aggregator.fold;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.record.Event;
import basin.record.Measured;
import basin.study.Json;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that an image restores an identical fold, and that bytes that are not an image of this
 * version restore none.
 */
class FoldImageTest {
    private static final int MOST = 64 << 20;
    private static final List<Event> EVENTS = SyntheticStudy.until(SyntheticStudy.quick(), 1, 3, true);
    private static final String STUDY = new Event.StudySubmitted(SyntheticStudy.quick()).studyId();

    private static Fold fold() {
        Fold fold = new Fold();
        EVENTS.forEach(fold::add);
        return fold;
    }

    private static byte[] image(Fold fold) {
        return FoldImage.write(fold.standing(), MOST).orElseThrow();
    }

    private static byte[] state(Fold fold) {
        return Json.canonical(fold.study(STUDY).orElseThrow());
    }

    @Test
    void theFoldComesBackToTheByte() {
        Fold fold = fold();
        Fold read = FoldImage.read(image(fold)).orElseThrow();
        assertThat(read.revision()).isEqualTo(fold.revision());
        assertThat(state(read)).isEqualTo(state(fold));
        // The restored fold treats further events like the original.
        assertThat(EVENTS).allSatisfy(event -> assertThat(read.add(event)).isEqualTo(Fold.Outcome.DUPLICATE));
    }

    @Test
    void severalPartsComeBackInOrder() {
        Fold fold = fold();
        byte[] image = FoldImage.write(fold.standing(), MOST, Fold.VERSION, 10).orElseThrow();
        assertThat(EVENTS).hasSizeGreaterThan(50);
        Fold read = FoldImage.read(image).orElseThrow();
        assertThat(read.revision()).isEqualTo(fold.revision());
        assertThat(state(read)).isEqualTo(state(fold));
    }

    @Test
    void aConflictIsRememberedThoughItsLoserIsGone() {
        Fold fold = fold();
        Event.CheckpointPublished one = EVENTS.stream()
                .filter(Event.CheckpointPublished.class::isInstance)
                .map(Event.CheckpointPublished.class::cast)
                .findFirst()
                .orElseThrow();
        fold.add(new Event.CheckpointPublished(
                one.runId(),
                one.step(),
                one.ordinal(),
                one.triggers(),
                new Measured(.11, .0008),
                one.lossNats(),
                one.weightNorm(),
                one.weights()));
        Fold read = FoldImage.read(image(fold)).orElseThrow();
        assertThat(read.conflicts()).containsExactly(one.id()).isEqualTo(fold.conflicts());
        assertThat(read.revision()).isEqualTo(fold.revision());
    }

    @Test
    void anotherVersionIsNone() {
        byte[] other = FoldImage.write(fold().standing(), MOST, Fold.VERSION + 1, 20_000)
                .orElseThrow();
        assertThat(FoldImage.read(other)).isEmpty();
    }

    @Test
    void whatIsCutOrChangedIsNone() {
        byte[] image = image(fold());
        for (int length = 0; length < image.length; length += 211) {
            assertThat(FoldImage.read(Arrays.copyOf(image, length)))
                    .as("cut to %d", length)
                    .isEmpty();
        }
        byte[] twice = Arrays.copyOf(image, 2 * image.length);
        System.arraycopy(image, 0, twice, image.length, image.length);
        assertThat(FoldImage.read(twice)).isEmpty();
        assertThat(FoldImage.read("no image".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void tooLargeIsNone() {
        assertThat(FoldImage.write(fold().standing(), 1000)).isEmpty();
    }
}
