package basin.aggregator.analysis;

import basin.aggregator.analysis.Points.Point;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.Contest;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.MultipleTesting;
import basin.aggregator.statistics.ResamplingPlan;
import basin.events.CorrelationRow;
import basin.events.Event;
import basin.events.Finding;
import basin.events.Interval;
import basin.events.Quantity;
import basin.events.spec.AnalysisSpec;
import basin.events.spec.ProtocolSpec;
import basin.events.spec.QuestionSpec;
import basin.events.spec.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the leagues of a study: one a task, protocol and level of loss. Pure functions. */
public final class Leagues {
    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final List<String> measures;
    private final Remembered remembered;
    private final boolean pointsOnly;
    private boolean whole = true;

    private Leagues(
            StudyState study, boolean provisional, List<String> measures, Remembered remembered, boolean pointsOnly) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.provisional = provisional;
        this.measures = measures;
        this.remembered = remembered;
        this.pointsOnly = pointsOnly;
    }

    /**
     * Leagues of a study.
     *
     * @param whole whether every difference is there that its revision has
     */
    public record Told(List<League> leagues, boolean whole) {
        public Told {
            leagues = List.copyOf(leagues);
        }
    }

    /**
     * All leagues of a study by the question in its spec.
     *
     * @param provisional whether runs or measurements are still to come, so that nothing is compared yet
     * @param choice its measures, where a question names some, and its first strata
     * @param pointsOnly leaves out what takes long and is not remembered
     */
    public static Told of(
            StudyState study, boolean provisional, Choice choice, Remembered remembered, boolean pointsOnly) {
        Leagues made = new Leagues(study, provisional, measures(study, choice), remembered, pointsOnly);
        List<String> within =
                choice.within().isEmpty() ? usualStrata(study) : choice.within().getFirst();
        List<League> leagues = new ArrayList<>();
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                for (double level : study.spec().analysis().match()) {
                    leagues.add(made.league(task.name(), protocol.name(), level, within));
                }
            }
        }
        return new Told(acrossLeagues(leagues), made.whole);
    }

    /** One league, within whatever strata. */
    public static League of(
            StudyState study,
            boolean provisional,
            Choice choice,
            String task,
            String protocol,
            double level,
            List<String> within) {
        League league = new Leagues(study, provisional, measures(study, choice), new Remembered(), false)
                .league(task, protocol, level, within);
        return acrossLeagues(List.of(league)).getFirst();
    }

    /** Within a size where there are several with more than one run, for traces of sizes are not in one parameterisation. */
    public static List<String> usualStrata(StudyState study) {
        return study.spec().sizes().size() > 1
                        && study.spec().everyRate().size()
                                        * study.spec().seeds().size()
                                > 1
                ? List.of("size")
                : List.of();
    }

    /** What the study measures, the usual measures first; the signed gap tells no flatness. */
    private static List<String> measures(StudyState study, Choice choice) {
        Stream<String> measured = study.spec().flatness().stream()
                .flatMap(entry -> entry.quantities().stream())
                .filter(quantity -> quantity != Quantity.HESSIAN_FISHER_GAP)
                .map(Quantity::id);
        return Stream.concat(measured, Stream.of(Analysis.LOSS))
                .distinct()
                .filter(measure -> choice.competes(measure))
                .sorted(Comparator.comparingInt(Leagues::place).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** The usual ones in their order, then the others by name, the loss last. */
    private static int place(String measure) {
        int usual = QuestionSpec.MEASURES.indexOf(measure);
        return measure.equals(Analysis.LOSS) ? Integer.MAX_VALUE : usual >= 0 ? usual : QuestionSpec.MEASURES.size();
    }

    private League league(String task, String protocol, double level, List<String> within) {
        Selection matched = Selection.matched(study, task, protocol, level, spec.band(), false);
        List<Contest.Entry> entries = new ArrayList<>();
        for (Point point : matched.points()) {
            List<Double> values = measures.stream()
                    .flatMap(measure -> value(point, measure).stream())
                    .toList();
            if (values.size() == measures.size()) {
                entries.add(new Contest.Entry(
                        point.run().declared().runId(), values, point.outcome(), Held.stratum(point, within)));
            }
        }
        int unmeasured = matched.points().size() - entries.size();
        String note = (matched.leftOut(Analysis.LOSS)
                        + (unmeasured > 0 ? " Left out besides, lacking some measure: " + unmeasured + " runs." : ""))
                .strip();
        boolean enough = entries.size() >= spec.leastRuns();
        Contest.Result result = contest(
                new CorrelationRow(
                        CorrelationRow.Comparison.MATCHED_WITHIN,
                        Optional.of(level),
                        "league of " + String.join(" ", measures),
                        task,
                        protocol,
                        "kendall",
                        within),
                entries,
                enough);
        return league(task, protocol, level, within, result, enough, note);
    }

    /** More is flatter, as everywhere. The order alone counts, so that no logarithm is needed and none of zero or less is lacking. */
    private static Optional<Double> value(Point point, String measure) {
        return measure.equals(Analysis.LOSS)
                ? Optional.of(point.minusLoss())
                : point.checkpoint()
                        .flatness(Quantity.of(measure))
                        .map(Event.FlatnessMeasured::value)
                        .map(measured -> -measured.value());
    }

    private Contest.Result contest(CorrelationRow asked, List<Contest.Entry> entries, boolean enough) {
        String name = "league/" + asked.level().orElseThrow() + "/" + asked.task() + "/" + asked.protocol() + "/"
                + String.join("+", asked.held());
        ResamplingPlan plan = new ResamplingPlan(spec.seed(), spec.permutations(), spec.resamples(), spec.confidence());
        if (provisional || !enough) {
            return Contest.of(name, entries, plan.withoutP());
        }
        if (!pointsOnly) {
            return remembered.contests.of(asked, entries, study.revision(), () -> Contest.of(name, entries, plan));
        }
        return remembered.contests.known(asked, entries, study.revision()).orElseGet(() -> {
            whole = false;
            return Contest.of(name, entries, plan.withoutP());
        });
    }

    private League league(
            String task,
            String protocol,
            double level,
            List<String> within,
            Contest.Result result,
            boolean enough,
            String note) {
        Findings findings = new Findings(study.runs().size(), provisional);
        List<League.Entrant> entrants = IntStream.range(0, result.taus().size())
                .mapToObj(place -> new League.Entrant(
                        measures.get(place),
                        enough
                                ? findings.of(result.taus().get(place), result.runs(), "")
                                : findings.notYet(result.runs(), spec.leastRuns(), "")))
                // Stable: of equal ones, and of those without a number, the usual order.
                .sorted(Comparator.comparingDouble(
                        entrant -> -entrant.finding().value().orElse(Double.NEGATIVE_INFINITY)))
                .toList();
        Optional<String> best = result.best()
                .filter(place -> result.taus().get(place) instanceof Inference.Estimate own
                        && own.interval().low() > 0)
                .map(measures::get);
        return new League(
                task,
                protocol,
                level,
                within,
                result.runs(),
                result.strata(),
                study.runs().size(),
                provisional,
                entrants,
                differences(entrants, result),
                best,
                new Sentence(entrants, result).of(task, protocol, level, within, best),
                note);
    }

    private List<League.Versus> differences(List<League.Entrant> entrants, Contest.Result result) {
        List<String> order = entrants.stream().map(League.Entrant::measure).toList();
        return result.differences().stream()
                .map(one -> {
                    String first = measures.get(one.first());
                    String second = measures.get(one.second());
                    boolean turned = order.indexOf(first) > order.indexOf(second);
                    return new League.Versus(
                            turned ? second : first,
                            turned ? first : second,
                            (turned ? -one.value() : one.value()) + 0.0,
                            one.interval()
                                    .map(own -> new Interval(
                                            (turned ? -own.high() : own.low()) + 0.0,
                                            (turned ? -own.low() : own.high()) + 0.0,
                                            own.level())),
                            one.p().map(p -> p.value()),
                            Optional.empty());
                })
                .sorted(Comparator.comparingInt((League.Versus one) -> order.indexOf(one.measure()))
                        .thenComparingInt(one -> order.indexOf(one.other())))
                .toList();
    }

    /** The sentence of a league. */
    private final class Sentence {
        private final List<League.Entrant> entrants;
        private final Contest.Result result;

        Sentence(List<League.Entrant> entrants, Contest.Result result) {
            this.entrants = entrants;
            this.result = result;
        }

        private boolean tellsMore(String one, String other) {
            return result.tellsMore(measures.indexOf(one), measures.indexOf(other));
        }

        String of(String task, String protocol, double level, List<String> within, Optional<String> best) {
            String where = "At equal loss (" + study.spec().language().against().level() + " " + level + " nats)"
                    + (within.isEmpty() ? "" : ", within one " + String.join(" and ", within)) + ", on task " + task
                    + " by " + protocol + " ";
            if (provisional) {
                return where + "measures are compared with one another once all runs have ended.";
            }
            if (entrants.stream().noneMatch(one -> one.finding().status() == Finding.Status.ESTIMATE)) {
                return where + "too few runs can be compared: " + result.runs() + ".";
            }
            if (result.differences().isEmpty()) {
                return where + "the comparison of measures follows, or only one is there.";
            }
            String runs = " (" + result.runs() + " runs)";
            String leader = entrants.getFirst().measure();
            String tau = String.format(
                    Locale.ROOT,
                    "τ = %.2f",
                    entrants.getFirst().finding().value().orElse(0.0));
            String first = best.isPresent()
                    ? where + leader + " tells most" + runs + ": its " + tau
                            + " lies above that of every other measure, each difference's interval above zero."
                    : where + "it cannot be told which measure tells most" + runs + ": " + leader + " is highest, "
                            + tau + alike(leader) + ".";
            return first + " " + againstLoss(leader);
        }

        private String alike(String leader) {
            String alike = entrants.stream()
                    .map(League.Entrant::measure)
                    .filter(other -> !other.equals(leader) && !tellsMore(leader, other))
                    .collect(Collectors.joining(", "));
            return alike.isEmpty() ? ", but may be zero" : ", and not to be told apart from " + alike;
        }

        private String againstLoss(String leader) {
            if (!measures.contains(Analysis.LOSS) || measures.size() < 2) {
                return "";
            }
            String more = entrants.stream()
                    .map(League.Entrant::measure)
                    .filter(one -> !one.equals(Analysis.LOSS) && tellsMore(one, Analysis.LOSS))
                    .collect(Collectors.joining(", "));
            if (!more.isEmpty()) {
                return "More than the loss tells: " + more + ".";
            }
            return leader.equals(Analysis.LOSS)
                    ? "No measure of flatness tells more than the loss, as far as can be told."
                    : "Whether any measure of flatness tells more than the loss cannot be told.";
        }
    }

    /** With every p-value adjusted for all leagues together: whoever looks at all of them explores. */
    private static List<League> acrossLeagues(List<League> leagues) {
        double[] p = leagues.stream()
                .flatMap(league -> league.differences().stream())
                .flatMap(one -> one.p().stream())
                .mapToDouble(one -> one)
                .toArray();
        double[] q = MultipleTesting.benjaminiHochberg(p);
        List<League> adjusted = new ArrayList<>();
        int next = 0;
        for (League league : leagues) {
            List<League.Versus> differences = new ArrayList<>();
            for (League.Versus one : league.differences()) {
                differences.add(new League.Versus(
                        one.measure(),
                        one.other(),
                        one.value(),
                        one.interval(),
                        one.p(),
                        one.p().isPresent() ? Optional.of(q[next++]) : Optional.empty()));
            }
            adjusted.add(new League(
                    league.task(),
                    league.protocol(),
                    league.level(),
                    league.within(),
                    league.runs(),
                    league.strata(),
                    league.declared(),
                    league.provisional(),
                    league.entrants(),
                    differences,
                    league.best(),
                    league.sentence(),
                    league.note()));
        }
        return adjusted;
    }
}
