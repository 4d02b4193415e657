package basin.flatness.theory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Tests the values quoted in the pages on theory. */
class TheoryReportTest {
    private final StringWriter said = new StringWriter();
    private final TheoryReport report = new TheoryReport(new PrintWriter(said), 1);

    @Test
    void theFlattestNetworkOfTheBracketLanguage() {
        report.brackets();
        assertThat(said.toString())
                .contains("T = 8: the least trace 4√(T − 1) = 10.583; two counting neurons 10.583;")
                .contains("16 labelled strings: counting fails in 0.0 % (0.0 to 1.0), random features in ");
    }

    @Test
    void theFlowThatSgdFollows() {
        report.drift(100);
        assertThat(said.toString()).contains("the flow: 0.5291");
    }
}
