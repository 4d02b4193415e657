package basin.aggregator.view;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.study.EnumName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The tables of results. Each row is there once; what several tables say of one thing is in one of
 * them, and the others name it by {@code run}, {@code step}, {@code task} and {@code protocol}.
 */
public final class DataTables {
    private static final String NATS = "nats";
    private static final String SHARE = "share";
    private static final String STEPS = "steps";

    private DataTables() {}

    /** A part of a run, with the run and the study. */
    private record Of<T>(StudyView view, StudyView.Run run, T part) {}

    /** A part of a checkpoint. */
    private record At<T>(StudyView.Run run, StudyView.Checkpoint checkpoint, T part) {}

    /** A row of the table of correlations, with the study. */
    private record Row(StudyView view, StudyView.RowView part) {}

    /** A part of a ranking. */
    private interface OfRanking {
        MeasureRanking ranking();
    }

    /** A measure at its place in a ranking, counted from 1. */
    private record Ranked(MeasureRanking ranking, int place, MeasureRanking.RankedMeasure measure)
            implements OfRanking {}

    /** A difference of two measures of a ranking. */
    private record Apart(MeasureRanking ranking, MeasureRanking.Difference difference) implements OfRanking {}

    private static final DataTable<Of<StudyView.Size>> RUNS = DataTable.<Of<StudyView.Size>>of(
                    "runs", "A run of the study’s grid.")
            .key("run")
            .text("run", "Id of the run", of -> of.run().runId())
            .text("label", "Name for people", of -> of.run().label())
            .text("size", "Name of the size", of -> of.run().size())
            .whole("width", "", "Width of the network", of -> of.part().width())
            .whole("layers", "", "Number of layers", of -> of.part().layers())
            .whole(
                    "parameters",
                    "",
                    "Number of trainable parameters",
                    of -> of.run().parameters())
            .real("learning_rate", "", "Peak learning rate", of -> of.run().learningRate())
            .text(
                    "algorithm",
                    "Training algorithm with its settings",
                    of -> of.run().algorithm())
            .whole(
                    "seed",
                    "",
                    "Seed of initial weights and training data",
                    of -> of.run().seed())
            .text("state", "declared, running, done or failed", of -> of.run().state())
            .text("reason", "Why the run failed", of -> of.run().reason())
            .absent("the run did not fail")
            .whole("step", STEPS, "Optimiser steps taken", of -> of.run().step())
            .whole("steps", STEPS, "Optimiser steps planned", of -> of.run().steps())
            .whole("tokens", "tokens", "Tokens trained on", of -> of.run().tokens())
            .rows(view -> view.runs().stream()
                    .map(run -> new Of<>(view, run, size(view, run)))
                    .toList());

    private static final DataTable<Of<StudyView.Loss>> LOSSES = DataTable.<Of<StudyView.Loss>>of(
                    "losses",
                    "A loss on the validation sentences: the loss curves. A run with more than 200 is thinned evenly;"
                            + " measurements over all sentences are always kept.")
            .key("run", "step")
            .text("run", "Id of the run", of -> of.run().runId())
            .whole("step", STEPS, "Optimiser steps taken", of -> of.part().step())
            .loss(Of::view, Of::part)
            .rows(view -> view.runs().stream()
                    .flatMap(run -> run.losses().stream().map(loss -> new Of<>(view, run, loss)))
                    .toList());

    private static final DataTable<Of<StudyView.Checkpoint>> CHECKPOINTS = DataTable.<Of<StudyView.Checkpoint>>of(
                    "checkpoints", "A checkpoint: weights that were kept and measured.")
            .key("run", "step")
            .text("run", "Id of the run", of -> of.run().runId())
            .whole("step", STEPS, "Optimiser steps taken", of -> of.part().step())
            .flag(
                    "last",
                    "Whether it is the run's last scheduled checkpoint",
                    of -> of.part().last())
            .loss(Of::view, of -> loss(of.part()))
            .real(
                    "weight_norm",
                    "",
                    "Euclidean norm of all weights",
                    of -> of.part().weightNorm())
            .rows(view -> view.runs().stream()
                    .flatMap(run -> run.checkpoints().stream().map(checkpoint -> new Of<>(view, run, checkpoint)))
                    .toList());

    private static final DataTable<At<Double>> MATCHED = DataTables.<Double>ofCheckpoint(
                    "matched",
                    "A level of loss and the checkpoint that represents a run there: the run's first at or below the"
                            + " level, and within the study's band. A run that never reached the level has no row.")
            .key("run", "level")
            .real("level", NATS, "Loss at which runs are compared", At::part)
            .rows(view -> ofCheckpoints(view, StudyView.Checkpoint::matched));

    private static final DataTable<At<StudyView.Flatness>> FLATNESS = DataTables.<StudyView.Flatness>ofCheckpoint(
                    "flatness", "A measurement of a flatness quantity of a checkpoint.")
            .key("run", "step", "quantity", "estimator", "estimator_version", "estimator_seed", "pairs", "platform")
            .text(
                    "quantity",
                    "What is measured, such as hessian.trace",
                    at -> at.part().quantity())
            .real("value", NATS, "The measured value", at -> at.part().value())
            .real("stderr", NATS, "Standard error of the value", at -> at.part().standardError())
            .interval(NATS, at -> Optional.of(at.part().interval()))
            .real(
                    "flatness",
                    "ln nats",
                    "−ln of the value, which is correlated; larger is flatter",
                    at -> at.part().flatness().map(StudyView.Logarithm::value))
            .absent("the value is not positive")
            .real(
                    "flatness_low",
                    "ln nats",
                    "Lower end of its interval",
                    at -> at.part().flatness().map(StudyView.Logarithm::low))
            .absent("the value is not positive")
            .real(
                    "flatness_high",
                    "ln nats",
                    "Upper end of its interval",
                    at -> at.part().flatness().flatMap(StudyView.Logarithm::high))
            .absent("the value's interval holds zero")
            .text("unit", "Unit of the value", at -> at.part().unit())
            .whole(
                    "pairs",
                    "",
                    "Pairs of a fresh batch and a fresh probe",
                    at -> at.part().pairs())
            .real(
                    "effective_rank",
                    "",
                    "Effective rank of the matrix",
                    at -> at.part().effectiveRank())
            .absent("the estimator does not give it")
            .real("radius", "", "Radius of the perturbation", at -> at.part().radius())
            .absent("the quantity is no sharpness")
            .text("estimator", "Estimator with its settings", at -> at.part().estimator())
            .whole(
                    "estimator_version",
                    "",
                    "Version of the estimator",
                    at -> at.part().estimatorVersion())
            .whole(
                    "estimator_seed",
                    "",
                    "Seed of batches and probes",
                    at -> at.part().estimatorSeed())
            .text("platform", "Device and numeric type", at -> at.part().platform())
            .rows(view -> ofCheckpoints(view, StudyView.Checkpoint::flatness));

    private static final DataTable<At<StudyView.Downstream>> DOWNSTREAM = DataTables.<StudyView.Downstream>ofCheckpoint(
                    "downstream", "A measurement of a checkpoint's accuracy on a task by a protocol.")
            .key("run", "step", "task", "protocol")
            .text("task", "Name of the task", at -> at.part().task())
            .text("protocol", "Name of the protocol", at -> at.part().protocol())
            .estimate("accuracy", SHARE, "Accuracy", at -> at.part().accuracy())
            .estimate(
                    "above_untrained",
                    SHARE,
                    "Accuracy minus that of the untrained network, which is correlated",
                    at -> at.part().aboveUntrained())
            .real(
                    "untrained",
                    SHARE,
                    "Accuracy of the untrained network",
                    at -> at.part().untrained().value())
            .real(
                    "untrained_stderr",
                    SHARE,
                    "Standard error of untrained",
                    at -> at.part().untrained().standardError())
            .real(
                    "majority_baseline",
                    SHARE,
                    "Share of the most common label",
                    at -> at.part().majorityBaseline())
            .real(
                    "bayes_accuracy",
                    SHARE,
                    "The highest possible accuracy",
                    at -> at.part().bayesAccuracy().map(Estimate::value))
            .absent("it is unknown")
            .real(
                    "bayes_accuracy_stderr",
                    SHARE,
                    "Standard error of bayes_accuracy",
                    at -> at.part().bayesAccuracy().map(Estimate::standardError))
            .absent("it is unknown")
            .whole(
                    "classes",
                    "",
                    "Number of labels of the task",
                    at -> at.part().classes())
            .real(
                    "left_out",
                    SHARE,
                    "Share of sentences without a label",
                    at -> at.part().leftOut())
            .whole(
                    "repetitions",
                    "",
                    "Repetitions behind the accuracy",
                    at -> at.part().repetitions())
            .whole(
                    "labels",
                    "examples",
                    "Labelled training examples",
                    at -> at.part().labels())
            .whole("test", "examples", "Test examples", at -> at.part().test())
            .whole("protocol_seed", "", "Seed of the examples", at -> at.part().protocolSeed())
            .rows(view -> ofCheckpoints(view, StudyView.Checkpoint::downstream));

    private static final DataTable<Row> CORRELATIONS = DataTable.<Row>of(
                    "correlations",
                    "A correlation over runs between a measure (−ln of a flatness quantity, or −loss) and accuracy"
                            + " above the untrained network.")
            .key("comparison", "conditioned_on", "level", "measure", "task", "protocol", "statistic")
            .text(
                    "comparison",
                    "The points that are compared, and how",
                    of -> EnumName.of(of.part().comparison()))
            .text(
                    "conditioned_on",
                    "Covariates or strata, separated by blanks",
                    of -> String.join(" ", of.part().conditionedOn()))
            .absent("the comparison says it")
            .real(
                    "level",
                    NATS,
                    "Loss at which runs are matched",
                    of -> of.part().level())
            .absent("runs are not matched")
            .text(
                    "measure",
                    "A flatness quantity, loss, or difference (of the correlations of the"
                            + " primary quantity and of loss)",
                    of -> of.part().measure())
            .text("task", "Name of the task", of -> of.part().task())
            .text("protocol", "Name of the protocol", of -> of.part().protocol())
            .text("statistic", "kendall, spearman or pearson", of -> of.part().statistic())
            .finding(
                    "Correlation, −1 to 1 (difference −2 to 2)", of -> of.part().finding())
            .real("p", "", "Two-sided p-value", of -> of.part().finding().p())
            .absent("runs have not ended, or none is justified")
            .whole(
                    "runs",
                    "runs",
                    "Runs that entered",
                    of -> of.part().finding().runs())
            .whole(
                    "declared",
                    "runs",
                    "Runs of the study",
                    of -> of.part().finding().declared())
            .flag(
                    "provisional",
                    "Whether results are still missing",
                    of -> of.part().finding().provisional())
            .flag(
                    "primary",
                    "Whether the headline describes this row",
                    of -> of.part().primary())
            .text(
                    "method",
                    "Methods of interval and p-value",
                    of -> of.part().finding().method())
            .absent("there is no value")
            .text(
                    "note",
                    "Why there is no value, or a caution",
                    of -> of.part().finding().note())
            .absent("there is nothing to add")
            .text("registration", "registered or exploratory", of -> of.part().registration())
            .text(
                    "claim_sha256",
                    "SHA-256 of the registered claim",
                    of -> of.view()
                            .claim()
                            .filter(claim -> of.part().registration().equals(StudyView.REGISTERED))
                            .map(StudyView.Claim::sha256))
            .absent("the row is exploratory")
            .rows(view -> view.rows().stream().map(row -> new Row(view, row)).toList());

    private static final DataTable<Ranked> RANKINGS = DataTables.<Ranked>ofRanking(
                    "rankings",
                    "A measure in a ranking of measures by Kendall's τ with accuracy above the untrained network.")
            .key("task", "protocol", "level", "within", "measure")
            .whole("place", "", "Place in the ranking, from 1", Ranked::place)
            .text(
                    "measure",
                    "A flatness quantity, or loss",
                    one -> one.measure().measure())
            .finding("Kendall's τ within strata", one -> one.measure().finding())
            .whole("runs", "runs", "Runs that entered", one -> one.ranking().runs())
            .whole(
                    "strata",
                    "",
                    "Strata of at least two runs",
                    one -> one.ranking().strata())
            .flag(
                    "provisional",
                    "Whether results are still missing",
                    one -> one.ranking().provisional())
            .flag(
                    "best",
                    "Whether it is above every other, and above zero",
                    one -> one.ranking().best().equals(Optional.of(one.measure().measure())))
            .text(
                    "note",
                    "Why there is no value, and which runs are left out",
                    one -> (one.measure().finding().note() + " " + one.ranking().note()).strip())
            .absent("there is nothing to add")
            .rows(view -> view.rankings().stream()
                    .flatMap(ranking -> IntStream.range(0, ranking.ranked().size())
                            .mapToObj(place -> new Ranked(
                                    ranking, place + 1, ranking.ranked().get(place))))
                    .toList());

    private static final DataTable<Apart> DIFFERENCES = DataTables.<Apart>ofRanking(
                    "ranking_differences", "A difference between two measures of a ranking.")
            .key("task", "protocol", "level", "within", "measure", "other")
            .text(
                    "measure",
                    "The measure that is ranked higher",
                    one -> one.difference().measure())
            .text("other", "The other measure", one -> one.difference().other())
            .real(
                    "value",
                    "",
                    "τ of the measure minus τ of the other",
                    one -> one.difference().value())
            .interval("", one -> one.difference().interval())
            .real(
                    "p_adjusted",
                    "",
                    "p-value adjusted for all pairs of the ranking",
                    one -> one.difference().p())
            .absent(DataTable.NO_INTERVAL)
            .real(
                    "q_all_rankings",
                    "",
                    "p-value adjusted also for all rankings of the study",
                    one -> one.difference().q())
            .absent(DataTable.NO_INTERVAL)
            .whole("runs", "runs", "Runs that entered", one -> one.ranking().runs())
            .whole(
                    "strata",
                    "",
                    "Strata of at least two runs",
                    one -> one.ranking().strata())
            .rows(view -> view.rankings().stream()
                    .flatMap(ranking -> ranking.differences().stream().map(one -> new Apart(ranking, one)))
                    .toList());

    private static final DataTable<ArmRow> ARMS = DataTable.<ArmRow>of(
                    "arms",
                    "A difference between an arm (an algorithm at a learning rate) and the reference arm, averaged"
                            + " over pairs of runs. A study with one arm has no rows.")
            .key("arm", "at", "level", "measure", "task", "protocol")
            .text("arm", "Name of the arm", ArmRow::arm)
            .text("reference", "Name of the reference arm", ArmRow::reference)
            .text("at", "Where pairs are compared: last, matched or branch", row -> EnumName.of(row.at()))
            .real("level", NATS, "Loss at which pairs are matched", ArmRow::level)
            .absent("it is not the same for all pairs")
            .text(
                    "measure",
                    "A flatness quantity (difference of ln), accuracy, loss, steps or gradients",
                    ArmRow::measure)
            .text("task", "Task of an accuracy", ArmRow::task)
            .absent("the measure is no accuracy")
            .text("protocol", "Protocol of an accuracy", ArmRow::protocol)
            .absent("the measure is no accuracy")
            .text("unit", "Unit of the difference", ArmRow::unit)
            .real("value", "as unit says", "Mean of arm minus reference", ArmRow::value)
            .absent("there is no pair")
            .real("stderr", "as unit says", "Standard error of the mean", ArmRow::standardError)
            .absent("there is no pair")
            .interval("as unit says", ArmRow::interval)
            .real("p", "", "p-value of the two-sided sign-flip test", ArmRow::p)
            .absent("results are provisional, or there is one pair")
            .whole("pairs", "", "Pairs used", ArmRow::pairs)
            .whole("possible", "", "Pairs declared", ArmRow::possible)
            .flag("provisional", "Whether results are still missing", ArmRow::provisional)
            .text("method", "Methods of interval and p-value", ArmRow::method)
            .absent("there is no value")
            .text("note", "Why pairs are left out, and cautions", ArmRow::note)
            .absent("there is nothing to add")
            .rows(StudyView::arms);

    /** All tables, in the order of the reference. */
    public static final List<DataTable<?>> ALL = List.of(
            RUNS, LOSSES, CHECKPOINTS, MATCHED, FLATNESS, DOWNSTREAM, CORRELATIONS, RANKINGS, DIFFERENCES, ARMS);

    /** Returns the table of that name, which must exist. */
    public static DataTable<?> of(String name) {
        return ALL.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static <R extends OfRanking> DataTable.Builder<R> ofRanking(String name, String about) {
        return DataTable.<R>of(name, about)
                .text("task", "Name of the task", one -> one.ranking().task())
                .text("protocol", "Name of the protocol", one -> one.ranking().protocol())
                .real(
                        "level",
                        NATS,
                        "Loss at which runs are matched",
                        one -> one.ranking().level())
                .text(
                        "within",
                        "Strata, separated by blanks",
                        one -> String.join(" ", one.ranking().within()))
                .absent("all runs are compared");
    }

    private static <T> DataTable.Builder<At<T>> ofCheckpoint(String name, String about) {
        return DataTable.<At<T>>of(name, about)
                .text("run", "Id of the run", at -> at.run().runId())
                .whole(
                        "step",
                        STEPS,
                        "Optimiser steps of the checkpoint",
                        at -> at.checkpoint().step());
    }

    private static StudyView.Loss loss(StudyView.Checkpoint checkpoint) {
        return new StudyView.Loss(
                checkpoint.step(), checkpoint.loss(), checkpoint.sentences(), checkpoint.validationSeed());
    }

    private static StudyView.Size size(StudyView view, StudyView.Run run) {
        return view.sizes().stream()
                .filter(size -> size.name().equals(run.size()))
                .findFirst()
                .orElseThrow();
    }

    private static <T> List<At<T>> ofCheckpoints(StudyView view, Function<StudyView.Checkpoint, List<T>> parts) {
        return view.runs().stream()
                .flatMap(run -> run.checkpoints().stream()
                        .flatMap(checkpoint ->
                                parts.apply(checkpoint).stream().map(part -> new At<>(run, checkpoint, part))))
                .toList();
    }
}
