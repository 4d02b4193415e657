package basin.cli.command;

import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.aggregator.view.Estimate;
import basin.cli.document.ProbeDocument;
import basin.cli.document.UncertainNumber;
import basin.flatness.FolderProbe;
import basin.flatness.measurement.Measurement;
import basin.record.Measured;
import basin.study.EstimatorSpec;
import basin.study.ProgramVersion;
import basin.study.Quantity;
import basin.study.file.FileHashes;
import basin.study.file.ModelFolders;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The report on a model in a folder, with all that a paper has to state: the numbers with as many
 * digits as their errors allow, the files by their hashes, the sample and the program. Pure
 * functions, except that files are hashed.
 */
final class ProbeReport {
    /** The batches on which the loss is measured, the first ones of the measurement. */
    static final int LOSS_BATCHES = 40;

    private static final String LOSS_UNIT = "nats";

    private ProbeReport() {}

    /**
     * Returns the report.
     *
     * @param loss loss on the first {@value #LOSS_BATCHES} batches
     * @param dtype number format of the arithmetic
     * @param device device of the arithmetic
     * @throws IOException if a file of the model or the text cannot be read
     */
    static ProbeDocument of(
            FolderProbe probe,
            EstimatorSpec requested,
            Measured loss,
            FolderProbe.Result result,
            String dtype,
            String device)
            throws IOException {
        Measurement first = result.readings().getFirst();
        Estimate mean = Estimate.of(loss);
        long examples = (long) LOSS_BATCHES * requested.batch();
        return new ProbeDocument(
                ProgramVersion.current(),
                new ProbeDocument.Model(
                        probe.model().folder().toString(),
                        probe.model().network().type(),
                        probe.model().storedAs(),
                        probe.model().network().parameterCount(),
                        ModelFolders.files(probe.model().folder())),
                new ProbeDocument.Data(
                        probe.source(), String.valueOf(probe.data().getFileName()), FileHashes.of(probe.data())),
                new UncertainNumber(
                        mean.value(),
                        Optional.of(mean.standardError()),
                        Optional.of(mean.low()),
                        Optional.of(mean.high()),
                        Optional.of(Estimate.CONFIDENCE),
                        examples,
                        LOSS_UNIT),
                probe.uniformLoss(),
                Stream.concat(probe.notes().stream(), probe.doubt(loss).stream())
                        .toList(),
                requested.estimator().toString(),
                requested.estimator().version(),
                new ProbeDocument.Sample(
                        first.pairs(),
                        requested.batch(),
                        result.sample().sentences(),
                        result.sample().tokens(),
                        result.sample().predictions(),
                        first.probes(),
                        requested.seed()),
                dtype,
                device,
                requested.to(),
                result.seconds(),
                result.gradients(),
                result.readings().stream().map(ProbeReport::reading).toList());
    }

    private static ProbeDocument.Reading reading(Measurement one) {
        return new ProbeDocument.Reading(
                one.quantity().id(),
                UncertainNumber.of(
                        one.value().value(),
                        Optional.of(one.value().standardError()),
                        Optional.of(one.interval()),
                        one.pairs(),
                        one.unit()),
                one.value().value() / one.parameters(),
                one.parameters(),
                one.effectiveRank());
    }

    /** Returns the report as text. */
    static String text(ProbeDocument report) {
        return PlainText.of(
                List.of(
                        new Block.Heading(2, "In nats per predicted token:"),
                        table(report),
                        new Block.Heading(2, sample(report)),
                        new Block.Facts(facts(report))),
                Integer.MAX_VALUE);
    }

    private static Block.Table table(ProbeDocument report) {
        boolean ranked = report.readings().stream()
                .anyMatch(reading -> reading.effectiveRank().isPresent());
        String interval = report.loss()
                .confidence()
                .map(confidence -> Numbers.percent(confidence) + " interval")
                .orElse("interval");
        List<String> heads = new ArrayList<>(List.of("", "value ± standard error", interval, "per parameter"));
        List<Block.Row> rows = new ArrayList<>();
        rows.add(new Block.Row(cells("loss", report.loss(), "", ranked, "")));
        List<String> uniform = new ArrayList<>(
                List.of("loss of guessing, ln(vocabulary)", Numbers.significant(report.uniformLoss(), 4), "", ""));
        if (ranked) {
            uniform.add("");
        }
        rows.add(new Block.Row(uniform));
        for (ProbeDocument.Reading reading : report.readings()) {
            double error = reading.value().stderr().orElse(0.0) / reading.parameters();
            rows.add(new Block.Row(cells(
                    reading.quantity(),
                    reading.value(),
                    significant(reading.perParameter(), error),
                    ranked,
                    reading.effectiveRank()
                            .map(rank -> Numbers.significant(rank, 3))
                            .orElse("not known"))));
        }
        if (ranked) {
            heads.add("effective rank");
        }
        return new Block.Table("", heads, rows);
    }

    private static List<String> cells(
            String name, UncertainNumber number, String perParameter, boolean ranked, String rank) {
        double error = number.stderr().orElse(0.0);
        List<String> cells = new ArrayList<>(List.of(
                name,
                Numbers.plusMinus(number.value(), error),
                Numbers.brackets(
                        Numbers.toError(number.low().orElse(number.value()), error),
                        Numbers.toError(number.high().orElse(number.value()), error)),
                perParameter));
        if (ranked) {
            cells.add(rank);
        }
        return cells;
    }

    /**
     * Returns a small number with the digits that its error warrants, in powers of ten if need be.
     */
    private static String significant(double value, double error) {
        if (!(error > 0) || value == 0) {
            return Numbers.plain(value);
        }
        int digits = (int) Math.floor(Math.log10(Math.abs(value))) - (int) Math.floor(Math.log10(error)) + 1;
        return Numbers.significant(value, Math.clamp(digits, 1, 8));
    }

    private static String sample(ProbeDocument report) {
        ProbeDocument.Sample sample = report.sample();
        return report.estimator() + " version " + report.estimatorVersion() + ": " + Numbers.count(sample.batches())
                + " batches of " + Numbers.count(sample.batch()) + " sentences with "
                + Numbers.plural(sample.probes(), "probe") + " each, seed " + sample.seed() + ", " + report.dtype()
                + " on " + report.device() + ": " + Numbers.count(sample.sentences()) + " sentences, "
                + Numbers.count(sample.tokens()) + " tokens, " + Numbers.count(sample.predictions())
                + " predictions; the loss on the first " + LOSS_BATCHES + " batches. "
                + Numbers.time(Duration.ofMillis(Math.round(1000 * report.seconds()))) + ", as much as "
                + Numbers.count(Math.round(report.gradients())) + " gradients of one example.";
    }

    private static Map<String, String> facts(ProbeDocument report) {
        Map<String, String> facts = new LinkedHashMap<>();
        report.model().files().forEach(file -> facts.put("SHA-256 of " + file.name(), file.sha256()));
        facts.put("SHA-256 of " + report.data().file(), report.data().sha256());
        facts.put("Basin", report.program().toString());
        return facts;
    }

    /** Returns a sentence for each quantity whose error is larger than was asked for. */
    static List<String> missed(ProbeDocument report, boolean timed) {
        return report.wanted().stream()
                .flatMap(wanted -> report.readings().stream()
                        .filter(reading -> !reading.quantity().equals(Quantity.HESSIAN_FISHER_GAP.id())
                                || report.readings().size() == 1)
                        .filter(reading -> error(reading) > wanted)
                        .map(reading -> "Not reached: " + reading.quantity() + " has a standard error of "
                                + Numbers.significant(100 * error(reading), 2) + " % of it; give more "
                                + (timed ? "time or pairs" : "pairs") + "."))
                .toList();
    }

    private static double error(ProbeDocument.Reading reading) {
        return reading.value().stderr().orElse(0.0) / Math.abs(reading.value().value());
    }
}
