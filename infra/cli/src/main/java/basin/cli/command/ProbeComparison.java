package basin.cli.command;

import basin.aggregator.present.Block;
import basin.aggregator.present.Columns;
import basin.aggregator.present.Csv;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.cli.document.ProbeDocument;
import basin.cli.document.ProbesDocument;
import basin.cli.document.UncertainNumber;
import basin.flatness.measurement.PairedDifference;
import basin.study.ProgramVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The comparison of several measured folders: one table, and paired differences where two folders
 * are of one architecture and have the same batches. Immutable.
 */
final class ProbeComparison {
    private static final double CONFIDENCE = 0.95;
    private static final int MIN_LABEL = 8;

    private final List<ProbedFolder> probed;
    private final ProbesDocument document;

    private ProbeComparison(List<ProbedFolder> probed, ProbesDocument document) {
        this.probed = probed;
        this.document = document;
    }

    /**
     * Compares the folders. Each has a difference to {@code against} if it is like it, otherwise to
     * the first folder that it is like.
     *
     * @param probed at least one, in the order of the table
     * @param against folder whose values are subtracted; if it is not among those measured, the
     *     first one's are
     * @param refused folders that were not measured
     */
    static ProbeComparison of(List<ProbedFolder> probed, Optional<Path> against, List<ProbesDocument.Reason> refused) {
        ProbedFolder main = against.flatMap(folder -> probed.stream()
                        .filter(one -> one.folder().equals(folder))
                        .findFirst())
                .orElse(probed.getFirst());
        Map<ProbedFolder, ProbedFolder> references = new LinkedHashMap<>();
        for (ProbedFolder one : probed) {
            reference(one, main, probed).ifPresent(other -> references.put(one, other));
        }
        List<ProbesDocument.Reason> unpaired = new ArrayList<>();
        for (ProbedFolder one : probed) {
            if (probed.size() > 1 && !references.containsKey(one) && !references.containsValue(one)) {
                ProbedFolder other = one.equals(main) ? probed.get(probed.indexOf(main) == 0 ? 1 : 0) : main;
                unpaired.add(new ProbesDocument.Reason(
                        name(one), one.unlike(other, name(other)).orElseThrow() + "."));
            }
        }
        List<ProbesDocument.Difference> differences = new ArrayList<>();
        references.forEach((one, other) -> differences.addAll(differences(one, other)));
        return new ProbeComparison(
                List.copyOf(probed),
                new ProbesDocument(
                        ProgramVersion.current(),
                        probed.stream().map(ProbedFolder::report).toList(),
                        refused,
                        differences,
                        unpaired));
    }

    /** Returns the folder whose values are subtracted from those of another. */
    private static Optional<ProbedFolder> reference(ProbedFolder one, ProbedFolder main, List<ProbedFolder> probed) {
        if (one.equals(main)) {
            return Optional.empty();
        }
        if (one.unlike(main, "").isEmpty()) {
            return Optional.of(main);
        }
        return probed.subList(0, probed.indexOf(one)).stream()
                .filter(other -> one.unlike(other, "").isEmpty())
                .findFirst();
    }

    private static List<ProbesDocument.Difference> differences(ProbedFolder one, ProbedFolder other) {
        List<ProbedFolder.Series> own = one.series();
        List<ProbedFolder.Series> others = other.series();
        return IntStream.range(0, own.size())
                .mapToObj(i -> {
                    PairedDifference difference = PairedDifference.of(
                            own.get(i).values(), others.get(i).values(), CONFIDENCE);
                    return new ProbesDocument.Difference(
                            name(one),
                            name(other),
                            own.get(i).quantity(),
                            UncertainNumber.of(
                                    difference.value().value(),
                                    Optional.of(difference.value().standardError()),
                                    Optional.of(difference.interval()),
                                    difference.pairs(),
                                    own.get(i).unit()));
                })
                .toList();
    }

    private static String name(ProbedFolder one) {
        return one.folder().toString();
    }

    /** Returns the comparison for programs. */
    ProbesDocument document() {
        return document;
    }

    /** Returns the comparison as text, with a table of at most 100 columns. */
    String text() {
        List<Block> blocks = new ArrayList<>(
                List.of(new Block.Heading(2, "In nats per predicted token:"), table(), new Block.Heading(2, sample())));
        document.unpaired()
                .forEach(one -> blocks.add(
                        new Block.Paragraph("No paired difference for " + one.folder() + ": " + one.sentence())));
        Map<String, String> facts = new LinkedHashMap<>();
        boolean same = document.probes().stream()
                        .map(report -> report.data().sha256())
                        .distinct()
                        .count()
                == 1;
        for (int i = 0; i < probed.size(); i++) {
            ProbeDocument.Data data = document.probes().get(i).data();
            facts.put("SHA-256 of " + data.file() + (same ? "" : " of " + (i + 1)), data.sha256());
        }
        facts.put("Basin", document.program().toString());
        blocks.add(new Block.Facts(facts));
        return PlainText.of(blocks, Terminal.RESULT_COLUMNS);
    }

    /**
     * A quantity of a folder.
     *
     * @param number number of the folder, from 1
     * @param reading value without its rank, if it is the loss
     */
    private record Line(
            int number,
            ProbeDocument report,
            String quantity,
            UncertainNumber value,
            Optional<ProbeDocument.Reading> reading,
            Optional<ProbesDocument.Difference> difference) {}

    /** Returns the lines, quantity by quantity. */
    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i <= document.probes().getFirst().readings().size(); i++) {
            for (int k = 0; k < probed.size(); k++) {
                ProbeDocument report = document.probes().get(k);
                Optional<ProbeDocument.Reading> reading = i == 0
                        ? Optional.empty()
                        : Optional.of(report.readings().get(i - 1));
                String quantity = reading.map(ProbeDocument.Reading::quantity).orElse(ProbedFolder.LOSS);
                String folder = name(probed.get(k));
                lines.add(new Line(
                        k + 1,
                        report,
                        quantity,
                        reading.map(ProbeDocument.Reading::value).orElse(report.loss()),
                        reading,
                        document.differences().stream()
                                .filter(one -> one.folder().equals(folder)
                                        && one.quantity().equals(quantity))
                                .findFirst()));
            }
        }
        return lines;
    }

    private Block.Table table() {
        List<String> heads = List.of("", "value ± standard error", "95 % interval", "paired difference");
        List<Line> lines = lines();
        int[] widths = heads.stream().mapToInt(Columns::width).toArray();
        List<List<String>> cells = lines.stream()
                .map(line -> List.of(
                        Numbers.plusMinus(line.value().value(), error(line.value())),
                        interval(line.value()),
                        line.difference().map(this::difference).orElse("")))
                .toList();
        for (List<String> row : cells) {
            for (int i = 0; i < row.size(); i++) {
                widths[i + 1] = Math.max(widths[i + 1], Columns.width(row.get(i)));
            }
        }
        // Each column has two spaces before it.
        int left = Terminal.RESULT_COLUMNS
                - 2 * heads.size()
                - IntStream.of(widths).sum();
        List<Block.Row> rows = new ArrayList<>();
        String quantity = "";
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (!line.quantity().equals(quantity)) {
                quantity = line.quantity();
                rows.add(new Block.Row(List.of(Columns.cut(quantity, Math.max(MIN_LABEL, left)), "", "", "")));
            }
            String label = "  " + line.number() + " ";
            rows.add(new Block.Row(List.of(
                    label + Columns.shorten(lastNames(line.number()), Math.max(MIN_LABEL, left) - Columns.width(label)),
                    cells.get(i).get(0),
                    cells.get(i).get(1),
                    cells.get(i).get(2))));
        }
        return new Block.Table("", heads, rows);
    }

    /** Returns a folder's path without the names with which the paths of all folders begin. */
    private String lastNames(int number) {
        Path own = probed.get(number - 1).folder();
        int common = 0;
        while (common < own.getNameCount() - 1 && agreeAt(own, common)) {
            common++;
        }
        return own.subpath(common, own.getNameCount()).toString();
    }

    private boolean agreeAt(Path own, int place) {
        return probed.stream()
                .map(ProbedFolder::folder)
                .allMatch(other ->
                        other.getNameCount() > place + 1 && other.getName(place).equals(own.getName(place)));
    }

    private static double error(UncertainNumber number) {
        return number.stderr().orElse(0.0);
    }

    private static String interval(UncertainNumber number) {
        double error = error(number);
        return Numbers.brackets(
                Numbers.toError(number.low().orElse(number.value()), error),
                Numbers.toError(number.high().orElse(number.value()), error));
    }

    private String difference(ProbesDocument.Difference difference) {
        UncertainNumber value = difference.value();
        double error = error(value);
        int against = 1 + probed.stream().map(ProbeComparison::name).toList().indexOf(difference.against());
        return Numbers.difference(value.value(), error) + " "
                + Numbers.brackets(
                        Numbers.rounded(value.low().orElseThrow(), error),
                        Numbers.rounded(value.high().orElseThrow(), error))
                + " to " + against;
    }

    private String sample() {
        ProbeDocument first = document.probes().getFirst();
        int fewest = document.probes().stream()
                .mapToInt(one -> one.sample().batches())
                .min()
                .orElseThrow();
        int most = document.probes().stream()
                .mapToInt(one -> one.sample().batches())
                .max()
                .orElseThrow();
        return first.estimator() + " version " + first.estimatorVersion() + ": " + Numbers.count(fewest)
                + (fewest == most ? "" : " to " + Numbers.count(most)) + " batches of "
                + Numbers.count(first.sample().batch()) + " sentences, seed "
                + first.sample().seed() + ", " + first.dtype() + " on " + first.device() + "; the loss on the first "
                + ProbeReport.LOSS_BATCHES + " batches."
                + (document.differences().isEmpty()
                        ? ""
                        : " A paired difference is the mean over the batches that both folders have; each interval"
                                + " holds for itself.");
    }

    /** Returns a CSV table with a line for each quantity of each folder, and for each refusal. */
    String csv() {
        List<CsvLine> lines = new ArrayList<>();
        lines().forEach(line -> lines.add(new CsvLine(line.report().model().folder(), Optional.of(line), "")));
        document.refused().forEach(one -> lines.add(new CsvLine(one.folder(), Optional.empty(), one.sentence())));
        return Csv.<CsvLine>of()
                .with("folder", CsvLine::folder)
                .with(
                        "model_type",
                        one -> one.line().map(line -> line.report().model().type()))
                .with(
                        "parameters",
                        one -> one.line().map(line -> line.report().model().parameters()))
                .with("quantity", one -> one.line().map(Line::quantity))
                .with("unit", one -> one.line().map(line -> line.value().unit()))
                .with("value", one -> one.line().map(line -> line.value().value()))
                .with("stderr", one -> one.line().flatMap(line -> line.value().stderr()))
                .with("low", one -> one.line().flatMap(line -> line.value().low()))
                .with("high", one -> one.line().flatMap(line -> line.value().high()))
                .with("n", one -> one.line().map(line -> line.value().n()))
                .with(
                        "per_parameter",
                        one -> one.line().flatMap(Line::reading).map(ProbeDocument.Reading::perParameter))
                .with(
                        "effective_rank",
                        one -> one.line().flatMap(Line::reading).flatMap(ProbeDocument.Reading::effectiveRank))
                .with("against", one -> one.difference().map(ProbesDocument.Difference::against))
                .with(
                        "difference",
                        one -> one.difference().map(found -> found.value().value()))
                .with(
                        "difference_stderr",
                        one -> one.difference().flatMap(found -> found.value().stderr()))
                .with(
                        "difference_low",
                        one -> one.difference().flatMap(found -> found.value().low()))
                .with(
                        "difference_high",
                        one -> one.difference().flatMap(found -> found.value().high()))
                .with(
                        "difference_n",
                        one -> one.difference().map(found -> found.value().n()))
                .with("refused", CsvLine::refused)
                .text(lines);
    }

    private record CsvLine(String folder, Optional<Line> line, String refused) {
        Optional<ProbesDocument.Difference> difference() {
            return line.flatMap(Line::difference);
        }
    }
}
