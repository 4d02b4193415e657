package basin.aggregator.present;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that tables for programs conform to RFC 4180. */
class CsvTest {
    @Test
    void cellsAreQuotedWhereTheyMustBe() {
        assertThat(Csv.<List<Object>>of()
                        .with("name", line -> line.getFirst())
                        .with("value", line -> line.get(1))
                        .text(List.of(
                                List.of("plain words, which are more than two dozen letters", 0.1),
                                List.of("a \"quoted\"\r\nline", Optional.empty()),
                                List.of("words without a comma in more than two dozen letters", Optional.of(-1e-7)))))
                .isEqualTo("""
                    name,value\r
                    "plain words, which are more than two dozen letters",0.1\r
                    "a ""quoted""\r
                    line",\r
                    words without a comma in more than two dozen letters,-1.0E-7\r
                    """);
    }
}
