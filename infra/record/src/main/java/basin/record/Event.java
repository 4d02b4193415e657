package basin.record;

import basin.study.CorrelationRow;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.Ranges;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.Trigger;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/**
 * An immutable fact. Every event has an {@linkplain #id() id} derived from its subject and the
 * request, never from the time or place, so that writing an event twice changes nothing. Wall-clock
 * time, host and location are record headers.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.StudySubmitted.class, name = "StudySubmitted"),
    @JsonSubTypes.Type(value = Event.StudyControlled.class, name = "StudyControlled"),
    @JsonSubTypes.Type(value = Event.RunDeclared.class, name = "RunDeclared"),
    @JsonSubTypes.Type(value = Event.RunFinished.class, name = "RunFinished"),
    @JsonSubTypes.Type(value = Event.RunFailed.class, name = "RunFailed"),
    @JsonSubTypes.Type(value = Event.LossMeasured.class, name = "LossMeasured"),
    @JsonSubTypes.Type(value = Event.CheckpointPublished.class, name = "CheckpointPublished"),
    @JsonSubTypes.Type(value = Event.FlatnessMeasured.class, name = "FlatnessMeasured"),
    @JsonSubTypes.Type(value = Event.LayersMeasured.class, name = "LayersMeasured"),
    @JsonSubTypes.Type(value = Event.SpectrumMeasured.class, name = "SpectrumMeasured"),
    @JsonSubTypes.Type(value = Event.DownstreamMeasured.class, name = "DownstreamMeasured"),
    @JsonSubTypes.Type(value = Event.CorrelationComputed.class, name = "CorrelationComputed"),
    @JsonSubTypes.Type(value = Event.QuestionAnswered.class, name = "QuestionAnswered")
})
public sealed interface Event {

    /** The version of the JSON form that this program writes. */
    int SCHEMA = 1;

    /** Returns the event's id, 32 hexadecimal digits: a hash of its subject and the request. */
    default String id() {
        return switch (this) {
            case StudySubmitted event -> Ids.of("StudySubmitted", event.studyId());
            case StudyControlled event -> Ids.of("StudyControlled", event.studyId(), event.sequence());
            case RunDeclared event -> Ids.of("RunDeclared", event.studyId(), event.runId());
            case RunFinished event -> Ids.of("RunFinished", event.runId());
            case RunFailed event -> Ids.of("RunFailed", event.runId());
            case LossMeasured event -> Ids.of("LossMeasured", event.runId(), event.step(), event.full());
            case CheckpointPublished event -> Ids.of("CheckpointPublished", event.runId(), event.step());
            // The id of the first version is that of its question. The id of a later version is a
            // hash of the question and the version.
            case EstimatorResult event ->
                event.version() == 1 ? event.question() : Ids.of(event.question(), event.version());
            case DownstreamMeasured event ->
                DownstreamMeasured.id(event.runId(), event.step(), event.task(), event.protocol(), event.platform());
            case CorrelationComputed event ->
                Ids.of(
                        "CorrelationComputed",
                        event.studyId(),
                        event.generation(),
                        event.revision().events(),
                        Ids.hash(event.row()));
            case QuestionAnswered event ->
                Ids.of(
                        "QuestionAnswered",
                        event.studyId(),
                        event.generation(),
                        event.revision().events(),
                        event.question());
        };
    }

    /**
     * Returns the id of the question that the event answers. It is the event's own id, except for
     * an estimator's result, because every version of the estimator answers the same question.
     */
    default String question() {
        return id();
    }

    /**
     * Returns the key of its Kafka record: the run's id, or the study's if it does not concern a
     * single run.
     */
    default String key() {
        return switch (this) {
            case StudySubmitted event -> event.studyId();
            case StudyControlled event -> event.studyId();
            case RunEvent event -> event.runId();
            case CorrelationComputed event -> event.studyId() + "/" + event.generation() + "/" + Ids.hash(event.row());
            case QuestionAnswered event -> event.studyId() + "/" + event.generation() + "/answer";
        };
    }

    /** Returns the event's topic. */
    default Topic topic() {
        return switch (this) {
            case StudySubmitted _, StudyControlled _ -> Topic.STUDY;
            case RunDeclared _, RunFinished _, RunFailed _ -> Topic.RUN;
            case LossMeasured _ -> Topic.LOSS;
            case CheckpointPublished _ -> Topic.CHECKPOINT;
            case EstimatorResult _ -> Topic.FLATNESS;
            case DownstreamMeasured _ -> Topic.DOWNSTREAM;
            case Derived _ -> Topic.CORRELATION;
        };
    }

    private static void checkPlace(String runId, int step) {
        Ranges.id("runId", runId);
        Ranges.atLeast(0, "step", step);
    }

    /** An event of one run. Its record is keyed by the run's id. */
    sealed interface RunEvent extends Event {
        /** Returns the id of its run. */
        String runId();
    }

    /**
     * An estimator's result for a checkpoint. The record keeps the results of all versions of an
     * estimator; the newest answers the question.
     */
    sealed interface EstimatorResult extends RunEvent {
        /** Returns the checkpoint's optimiser step. */
        int step();

        /** Returns the estimator and its settings. */
        EstimatorSpec requested();

        /** Returns the platform of the measurement. */
        PlatformSpec platform();

        /** Returns the version of the estimator that measured, from 1. */
        int version();

        @Override
        default String question() {
            return switch (this) {
                case FlatnessMeasured event ->
                    FlatnessMeasured.question(runId(), step(), requested(), platform(), event.quantity());
                case LayersMeasured _ -> LayersMeasured.question(runId(), step(), requested(), platform());
                case SpectrumMeasured _ -> SpectrumMeasured.question(runId(), step(), requested(), platform());
            };
        }
    }

    /** A study was submitted. */
    record StudySubmitted(StudySpec study) implements Event {
        public StudySubmitted {
            if (!study.platform().namesDevice()) {
                throw new Refusal("platform.device is 'auto': a recorded study names its device; give cpu or cuda:0.");
            }
            if (!study.namesWeights()) {
                throw new Refusal(
                        "startFrom names a checkpoint without its weights: a recorded study holds their SHA-256.");
            }
        }

        /** Returns the study's id: its name and a hash of its spec. */
        public String studyId() {
            return Ids.study(study);
        }
    }

    /**
     * A user paused, resumed or cancelled a study. Among a study's controls, the one with the
     * highest sequence number applies.
     *
     * @param sequence number of this control within the study, from 1
     */
    record StudyControlled(String studyId, int sequence, Action action) implements Event {
        public StudyControlled {
            Ranges.id("studyId", studyId);
            Ranges.atLeast(1, "sequence", sequence);
        }

        /** A requested control. */
        public enum Action {
            /** Work in progress is finished, the rest waits. */
            PAUSE,
            /** A study that was paused or cancelled resumes. */
            RESUME,
            /** Work in progress is finished, the rest is dropped. */
            CANCEL
        }
    }

    /**
     * A study declared a run.
     *
     * @param index position in the study's grid, from 0
     * @param label display name, such as {@code d32 · 0.003 · seed 1}
     * @param parameters trainable parameters of its network; 0 if nothing is trained
     */
    record RunDeclared(String studyId, String runId, int index, String label, RunSpec spec, long parameters)
            implements RunEvent {
        public RunDeclared {
            Ranges.id("studyId", studyId);
            Ranges.id("runId", runId);
            Ranges.atLeast(0, "index", index);
            Ranges.atLeast(0, "parameters", parameters);
            spec.start().filter(start -> !start.settled()).ifPresent(start -> {
                throw new Refusal("spec.start is '" + start.title()
                        + "' without its weights: a recorded run holds their SHA-256.");
            });
        }
    }

    /**
     * A run took its last step.
     *
     * @param step optimiser steps taken
     * @param tokens words seen in training
     * @param checkpoints checkpoints published
     */
    record RunFinished(String runId, int step, long tokens, int checkpoints) implements RunEvent {
        public RunFinished {
            checkPlace(runId, step);
            Ranges.atLeast(0, "tokens", tokens);
            Ranges.atLeast(0, "checkpoints", checkpoints);
        }
    }

    /**
     * A run failed because of a fault of the run itself, such as a loss that is not a number.
     *
     * @param step the last good optimiser step
     * @param reason one sentence
     */
    record RunFailed(String runId, int step, String reason) implements RunEvent {
        public RunFailed {
            checkPlace(runId, step);
        }
    }

    /**
     * The loss of a network against the exact conditional, or on held-out sentences if the exact
     * conditional is unknown.
     *
     * @param step optimiser steps taken
     * @param tokens words seen in training
     * @param full whether all validation sentences were used, or only the quick subset
     * @param lossNats mean cross-entropy to the exact conditional, in nats: the language's optimum
     *     plus the excess; to the hidden words if the optimum is unknown
     * @param excess mean KL(p* ‖ model), in nats per masked position; the loss itself if the
     *     optimum is unknown
     * @param sentences validation sentences used
     * @param seed seed of the validation sentences
     * @param optimum the language's optimal loss, in nats; null if it is unknown
     * @param weightNorm Euclidean norm of all parameters, without a unit
     * @param learningRate learning rate of the last step, without a unit
     */
    record LossMeasured(
            String runId,
            int step,
            long tokens,
            boolean full,
            double lossNats,
            Measured excess,
            int sentences,
            long seed,
            Optional<Measured> optimum,
            double weightNorm,
            double learningRate)
            implements RunEvent {
        public LossMeasured {
            checkPlace(runId, step);
            Ranges.atLeast(0, "tokens", tokens);
            Ranges.finite("lossNats", lossNats);
            Ranges.atLeast(1, "sentences", sentences);
            Ranges.notNegative("weightNorm", weightNorm);
            Ranges.notNegative("learningRate", learningRate);
        }
    }

    /**
     * A checkpoint was published: its weights are complete in the log and can be read.
     *
     * @param step optimiser steps that the run had taken
     * @param ordinal position among the run's checkpoints, from 0
     * @param triggers reasons for publication, at least one
     * @param excess mean KL(p* ‖ model) of the full validation, in nats; the loss itself if the
     *     language's optimum is unknown
     * @param lossNats full validation loss, in nats
     * @param weightNorm Euclidean norm of all parameters, without a unit
     */
    record CheckpointPublished(
            String runId,
            int step,
            int ordinal,
            List<Trigger> triggers,
            Measured excess,
            double lossNats,
            double weightNorm,
            Weights weights)
            implements RunEvent {
        public CheckpointPublished {
            checkPlace(runId, step);
            Ranges.atLeast(0, "ordinal", ordinal);
            Ranges.finite("lossNats", lossNats);
            Ranges.notNegative("weightNorm", weightNorm);
            triggers = List.copyOf(triggers);
        }
    }

    /**
     * A flatness of a checkpoint.
     *
     * @param step optimiser step of the checkpoint
     * @param requested the estimator and its settings
     * @param quantity the measured quantity
     * @param value estimate, with its standard error over pairs
     * @param interval confidence interval over pairs, corrected for their skewness
     * @param effectiveRank tr(A)²/‖A‖²_F, without a unit, if the estimator provides it
     * @param parameters number of parameters included
     * @param version version of the estimator
     */
    record FlatnessMeasured(
            String runId,
            int step,
            EstimatorSpec requested,
            PlatformSpec platform,
            Quantity quantity,
            Measured value,
            Interval interval,
            Optional<Double> effectiveRank,
            long parameters,
            int version)
            implements EstimatorResult {
        public FlatnessMeasured {
            checkPlace(runId, step);
            effectiveRank.ifPresent(rank -> Ranges.finite("effectiveRank", rank));
            Ranges.atLeast(1, "parameters", parameters);
            Ranges.atLeast(1, "version", version);
        }

        /** Returns the id of the question that such an event answers. */
        public static String question(
                String runId, int step, EstimatorSpec requested, PlatformSpec platform, Quantity quantity) {
            return Ids.of("FlatnessMeasured", runId, step, Ids.hash(requested), Ids.hash(platform), quantity.id());
        }
    }

    /**
     * The traces of a checkpoint, tensor by tensor.
     *
     * @param step optimiser step of the checkpoint
     * @param requested the estimator and its settings
     * @param layers every named tensor of the network, in the order of the flat vector; their
     *     traces add up to those of the whole network
     * @param version version of the estimator
     */
    record LayersMeasured(
            String runId,
            int step,
            EstimatorSpec requested,
            PlatformSpec platform,
            List<LayerTraces> layers,
            int version)
            implements EstimatorResult {
        public LayersMeasured {
            checkPlace(runId, step);
            Ranges.atLeast(1, "version", version);
            layers = List.copyOf(layers);
        }

        /** Returns the id of the question that such an event answers. */
        public static String question(String runId, int step, EstimatorSpec requested, PlatformSpec platform) {
            return Ids.of("LayersMeasured", runId, step, Ids.hash(requested), Ids.hash(platform));
        }
    }

    /**
     * The eigenvalues of a checkpoint's Hessian and their density, over independent data sets.
     *
     * @param step optimiser step of the checkpoint
     * @param requested the estimator and its settings; its pairs are data sets, each with one start
     *     vector
     * @param top the largest eigenvalues, in descending order
     * @param lowest the smallest eigenvalue, which shows the distance from a minimum
     * @param density the distribution of the eigenvalues
     * @param parameters number of parameters included, equal to the number of eigenvalues
     * @param version version of the estimator
     */
    record SpectrumMeasured(
            String runId,
            int step,
            EstimatorSpec requested,
            PlatformSpec platform,
            List<Eigenvalue> top,
            Eigenvalue lowest,
            SpectralDensity density,
            long parameters,
            int version)
            implements EstimatorResult {
        public SpectrumMeasured {
            checkPlace(runId, step);
            Ranges.atLeast(1, "parameters", parameters);
            Ranges.atLeast(1, "version", version);
            top = List.copyOf(top);
        }

        /** Returns the id of the question that such an event answers. */
        public static String question(String runId, int step, EstimatorSpec requested, PlatformSpec platform) {
            return Ids.of("SpectrumMeasured", runId, step, Ids.hash(requested), Ids.hash(platform));
        }
    }

    /**
     * The accuracy of a checkpoint on a task.
     *
     * @param step optimiser step of the checkpoint
     * @param accuracies one per repetition, shares from 0 to 1
     * @param accuracy their mean, with its standard error over repetitions; a share
     * @param majorityBaseline accuracy of always predicting the most frequent label, on the same
     *     test examples; a share
     * @param untrained accuracy by the same protocol of the run's network before its first step; a
     *     share
     * @param bayesAccuracy expected accuracy of the exact posterior given the sentence (Bayes);
     *     null if it is unknown
     * @param classes number of different labels
     * @param leftOut share of sentences that were left out because they have no label, or are of no
     *     use to a task with a shift
     */
    record DownstreamMeasured(
            String runId,
            int step,
            TaskSpec task,
            ProtocolSpec protocol,
            PlatformSpec platform,
            List<Double> accuracies,
            Measured accuracy,
            double majorityBaseline,
            Measured untrained,
            Optional<Measured> bayesAccuracy,
            int classes,
            double leftOut)
            implements RunEvent {
        public DownstreamMeasured {
            checkPlace(runId, step);
            accuracies.forEach(one -> Ranges.share("accuracies", one));
            Ranges.share("majorityBaseline", majorityBaseline);
            Ranges.atLeast(1, "classes", classes);
            Ranges.share("leftOut", leftOut);
            accuracies = List.copyOf(accuracies);
        }

        /** Returns the id of the result that answers this question. */
        public static String id(String runId, int step, TaskSpec task, ProtocolSpec protocol, PlatformSpec platform) {
            return Ids.of("DownstreamMeasured", runId, step, Ids.hash(task), Ids.hash(protocol), Ids.hash(platform));
        }
    }

    /** An event that is derived from the fold and never an input of it. */
    sealed interface Derived extends Event {
        /** Returns the id of the study. */
        String studyId();

        /** Returns {@code live}, or the name under which the answer to a question is published. */
        String generation();

        /** Returns the revision of the fold that it was computed from. */
        Revision revision();
    }

    /**
     * A row of the table of correlations.
     *
     * @param generation {@code live}, or the name of a reanalysis
     * @param revision revision of the fold that it was computed from
     * @param row the identity of the row
     * @param finding the result of the row
     */
    record CorrelationComputed(
            String studyId, String generation, Revision revision, CorrelationRow row, Finding finding)
            implements Derived {}

    /**
     * The answer to another question in words. Its rows are {@link CorrelationComputed} events of
     * the same generation, which are written before it.
     *
     * @param generation name under which the answer is published
     * @param revision revision of the fold that it was computed from
     * @param question text of the question file, at most {@value #LONGEST_QUESTION} characters;
     *     empty for the study's own question
     * @param headline the answer in one sentence
     * @param more what is missing, or what would narrow the interval; may be empty
     * @param verdict the answer in a few words, without numbers
     * @param primary row that the sentence describes; absent if it describes none
     */
    record QuestionAnswered(
            String studyId,
            String generation,
            Revision revision,
            String question,
            String headline,
            String more,
            String verdict,
            Optional<CorrelationRow> primary)
            implements Derived {
        /** Length of the longest question that is published. */
        public static final int LONGEST_QUESTION = 20_000;

        public QuestionAnswered {
            Ranges.id("studyId", studyId);
            Ranges.id("generation", generation);
            if (question.length() > LONGEST_QUESTION) {
                throw new Refusal("question has " + question.length() + " characters: give one of at most "
                        + LONGEST_QUESTION + ".");
            }
        }
    }
}
