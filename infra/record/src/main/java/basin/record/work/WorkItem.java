package basin.record.work;

import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.Json;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bounded unit of work on a work topic. Its id identifies the request, so that requesting it
 * twice changes nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkItem.Expand.class, name = "Expand"),
    @JsonSubTypes.Type(value = WorkItem.Segment.class, name = "Segment"),
    @JsonSubTypes.Type(value = WorkItem.Probe.class, name = "Probe"),
    @JsonSubTypes.Type(value = WorkItem.Evaluate.class, name = "Evaluate")
})
public sealed interface WorkItem {

    /** Returns the id, 32 hexadecimal digits: a hash of the request. */
    default String id() {
        return switch (this) {
            case Expand item -> Ids.of("Expand", item.studyId());
            case Segment item -> Ids.of("Segment", item.runId(), item.segment());
            case Probe item ->
                Ids.of("Probe", item.runId(), item.step(), Ids.hash(item.estimator()), Ids.hash(item.platform()));
            case Evaluate item ->
                Ids.of(
                        "Evaluate",
                        item.runId(),
                        item.step(),
                        Ids.hash(item.task()),
                        Ids.hash(item.protocol()),
                        Ids.hash(item.platform()));
        };
    }

    /** Returns the id of the study that requested it. */
    String studyId();

    /** Returns its work topic. */
    default Topic topic() {
        return switch (this) {
            case Expand _ -> Topic.WORK_STUDY;
            case Segment _ -> Topic.WORK_RUN;
            case Probe _ -> Topic.WORK_PROBE;
            case Evaluate _ -> Topic.WORK_EVALUATE;
        };
    }

    /**
     * Returns the ids of the questions that it answers. It is done when all are answered on record.
     * Empty if other events show that it is done.
     */
    default List<String> resultIds() {
        return List.of();
    }

    /** Returns the id of its run; empty if it is about a whole study. */
    default Optional<String> run() {
        return switch (this) {
            case Expand _ -> Optional.empty();
            case Segment segment -> Optional.of(segment.runId());
            case Probe probe -> Optional.of(probe.runId());
            case Evaluate evaluate -> Optional.of(evaluate.runId());
        };
    }

    /** Returns whether a study that shares the run requests the same work. */
    default boolean isWantedBy(StudySpec study) {
        return switch (this) {
            case Expand _, Segment _ -> true;
            case Probe item ->
                study.flatness().contains(item.estimator()) && study.platform().equals(item.platform());
            case Evaluate item ->
                study.tasks().contains(item.task())
                        && study.protocols().contains(item.protocol())
                        && study.platform().equals(item.platform());
        };
    }

    /** Returns the headers of its record, and of the records that it produces. */
    default Map<String, String> headers() {
        Map<String, String> headers =
                new TreeMap<>(Map.of(RecordHeaders.STUDY, studyId(), RecordHeaders.WORK_ITEM, id()));
        run().ifPresent(run -> headers.put(RecordHeaders.RUN, run));
        switch (this) {
            case Expand _, Segment _ -> {}
            case Probe item -> headers.put(RecordHeaders.CHECKPOINT, String.valueOf(item.step()));
            case Evaluate item -> headers.put(RecordHeaders.CHECKPOINT, String.valueOf(item.step()));
        }
        return headers;
    }

    /** Returns the key of its record. */
    default String key() {
        return id();
    }

    /** Returns its canonical JSON. */
    default byte[] encode() {
        return Json.canonical(this);
    }

    /**
     * Reads a work item.
     *
     * @throws MalformedEventException if the bytes are no work item
     */
    static WorkItem decode(byte[] bytes) throws MalformedEventException {
        if (bytes.length > Json.MAX_CHARACTERS) {
            throw new MalformedEventException(
                    "a work item of " + bytes.length + " bytes is longer than " + Json.MAX_CHARACTERS);
        }
        try {
            // JSON's null is read as no object at all.
            return Optional.<WorkItem>ofNullable(Json.mapper().readValue(bytes, WorkItem.class))
                    .orElseThrow(() -> new MalformedEventException("the value is no JSON object"));
        } catch (JsonProcessingException e) {
            throw new MalformedEventException("the value is no work item: " + Json.explain(e));
        } catch (IOException e) {
            throw new MalformedEventException("the value is no work item: " + e.getMessage());
        }
    }

    /** A work item that declares a study's runs. */
    record Expand(String studyId) implements WorkItem {}

    /**
     * A work item that trains a run to its next checkpoint.
     *
     * @param segment number of checkpoints that the run already has
     */
    record Segment(String studyId, String runId, int segment) implements WorkItem {}

    /** A work item that measures a checkpoint's flatness with one estimator. */
    record Probe(String studyId, String runId, int step, EstimatorSpec estimator, PlatformSpec platform)
            implements WorkItem {
        @Override
        public List<String> resultIds() {
            List<String> ids = new ArrayList<>();
            for (Quantity quantity : estimator.quantities()) {
                ids.add(Event.FlatnessMeasured.question(runId, step, estimator, platform, quantity));
            }
            if (estimator.estimator().tellsLayers()) {
                ids.add(Event.LayersMeasured.question(runId, step, estimator, platform));
            }
            if (estimator.estimator().measuresSpectrum()) {
                ids.add(Event.SpectrumMeasured.question(runId, step, estimator, platform));
            }
            return List.copyOf(ids);
        }
    }

    /**
     * A work item that evaluates a checkpoint on one task by one protocol. It includes all
     * repetitions, because they share the features.
     */
    record Evaluate(String studyId, String runId, int step, TaskSpec task, ProtocolSpec protocol, PlatformSpec platform)
            implements WorkItem {
        @Override
        public List<String> resultIds() {
            return List.of(Event.DownstreamMeasured.id(runId, step, task, protocol, platform));
        }
    }
}
