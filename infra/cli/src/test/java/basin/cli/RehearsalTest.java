package basin.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** Tests that the commands whose classes are archived read the record that is there for it. */
class RehearsalTest {
    @Test
    void everyCommandEndsWell() {
        assertThatCode(() -> Rehearsal.main(new String[] {"src/main/rehearsal"}))
                .doesNotThrowAnyException();
    }
}
