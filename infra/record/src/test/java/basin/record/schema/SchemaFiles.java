package basin.record.schema;

import basin.record.Event;
import basin.record.Topic;
import basin.study.AlgorithmSpec;
import basin.study.ArmSpec;
import basin.study.Estimator;
import basin.study.Json;
import basin.study.RecordComments;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The published schemas, generated from the records: one JSON Schema per event type, and one
 * AsyncAPI document of all topics.
 */
final class SchemaFiles {
    static final String ASYNC_API = "asyncapi.json";
    private static final String BASE = "urn:basin:event:";

    private SchemaFiles() {}

    /** Returns every file's text by its name. */
    static Map<String, String> all() throws IOException {
        Map<String, JsonNode> schemas = schemas();
        Map<String, String> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> schema : schemas.entrySet()) {
            files.put(schema.getKey() + ".json", pretty(schema.getValue()));
        }
        files.put(ASYNC_API, pretty(asyncApi()));
        return files;
    }

    /** Returns the event types by their names in the record. */
    static Map<String, Class<?>> types() {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (JsonSubTypes.Type type : Objects.requireNonNull(Event.class.getAnnotation(JsonSubTypes.class))
                .value()) {
            types.put(type.name(), type.value());
        }
        return types;
    }

    /** Returns a schema for each event type. */
    static Map<String, JsonNode> schemas() throws IOException {
        SchemaGenerator generator =
                generator(RecordComments.of(Path.of("src/main/java"), Path.of("../study/src/main/java")));
        Map<String, JsonNode> schemas = new TreeMap<>();
        types().forEach((name, type) -> schemas.put(name, schema(generator, name, type)));
        return schemas;
    }

    private static SchemaGenerator generator(RecordComments comments) {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE));
        builder.forFields()
                // Any name, as in every released version, because estimators are added later, which
                // would break a schema that listed them.
                .withTargetTypeOverridesResolver(field -> field.getType().getErasedType() == Estimator.class
                        ? List.of(field.getContext().resolve(String.class))
                        : null)
                // A reader refuses an event without a required field; an unknown value is null.
                // Fields that were added later are left out if they are empty, so that older
                // records keep their form and id.
                .withRequiredCheck(field -> field.getAnnotation(JsonInclude.class) == null)
                .withDescriptionResolver(field -> comments.of(
                                field.getDeclaringType().getErasedType().getCanonicalName(), field.getName())
                        .orElse(null));
        builder.forTypesInGeneral()
                .withCustomDefinitionProvider((type, context) ->
                        type.getErasedType() == AlgorithmSpec.class || type.getErasedType() == ArmSpec.class
                                ? new CustomDefinition(
                                        algorithms(type.getErasedType() == ArmSpec.class, comments),
                                        CustomDefinition.DefinitionType.INLINE,
                                        CustomDefinition.AttributeInclusion.YES)
                                : null)
                .withDescriptionResolver(scope -> comments.of(
                                String.valueOf(scope.getType().getErasedType().getCanonicalName()))
                        .orElse(null));
        return new SchemaGenerator(builder.build());
    }

    /**
     * Returns the schema of an algorithm: a bare name, or an object with the parameters of its
     * kind; in a study's grid also with rates.
     */
    private static ObjectNode algorithms(boolean arm, RecordComments comments) {
        ObjectNode either = Json.mapper().createObjectNode();
        ArrayNode forms = either.putArray("anyOf");
        forms.addObject().put("type", "string");
        for (Map.Entry<String, Class<? extends AlgorithmSpec>> one : AlgorithmSpec.KINDS.entrySet()) {
            String kind = one.getKey();
            Function<String, ObjectNode> described = name -> described(comments, one.getValue(), name);
            ObjectNode object = forms.addObject().put("type", "object");
            ObjectNode properties = object.putObject("properties");
            ArrayNode required = object.putArray("required").add("kind");
            properties.putObject("kind").put("const", kind);
            switch (kind) {
                case "adamw", "lookup-table" -> {}
                case "adversarial" -> {
                    for (String name : List.of("weight", "examples", "ridge", "seed")) {
                        number(properties, required, name, described);
                    }
                    properties.putObject("task").put("type", "object");
                    required.add("task");
                }
                case "other" -> {
                    properties.putObject("name").put("type", "string");
                    required.add("name");
                }
                case "sgd" -> number(properties, required, "momentum", described);
                case "sam" -> number(properties, required, "rho", described);
                case "label-noise" -> number(properties, required, "probability", described);
                case "average" -> {
                    properties.set("decay", described.apply("decay").put("type", "number"));
                    properties.set("from", described.apply("from").put("type", "number"));
                }
                default -> throw new IllegalStateException("Say what the fields of '" + kind + "' are.");
            }
            if (!List.of("adamw", "sgd", "lookup-table", "other").contains(kind)) {
                properties
                        .putObject("base")
                        .put("description", "what it is done over, in the same form; adamw where it is absent")
                        .putArray("type")
                        .add("string")
                        .add("object");
            }
            if (arm) {
                ObjectNode rates =
                        described(comments, ArmSpec.class, "learningRates").put("type", "array");
                rates.putObject("items").put("type", "number");
                properties.set("learningRates", rates);
                properties.set(
                        "steps", described(comments, ArmSpec.class, "steps").put("type", "integer"));
                properties
                        .putObject("schedule")
                        .putArray("enum")
                        .add("CONSTANT")
                        .add("LINEAR");
            }
        }
        return either;
    }

    private static void number(
            ObjectNode properties, ArrayNode required, String name, Function<String, ObjectNode> described) {
        properties.set(name, described.apply(name).put("type", "number"));
        required.add(name);
    }

    /** Returns the beginning of a field's schema: what the Javadoc of its record says about it. */
    private static ObjectNode described(RecordComments comments, Class<?> type, String field) {
        ObjectNode schema = Json.mapper().createObjectNode();
        comments.of(String.valueOf(type.getCanonicalName()), field).ifPresent(text -> schema.put("description", text));
        return schema;
    }

    private static JsonNode schema(SchemaGenerator generator, String name, Class<?> type) {
        ObjectNode made = generator.generateSchema(type);
        ObjectNode schema = made.objectNode();
        schema.set("$schema", made.get("$schema"));
        schema.put("$id", BASE + name);
        schema.put("title", name);
        made.properties().forEach(field -> {
            if (!schema.has(field.getKey())) {
                schema.set(field.getKey(), field.getValue());
            }
        });
        ObjectNode properties = (ObjectNode) schema.get("properties");
        properties.putObject("schema").put("const", Event.SCHEMA).put("description", "The version of this form.");
        properties.putObject("type").put("const", name).put("description", "The type of the event.");
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        properties.properties().forEach(one -> sorted.put(one.getKey(), one.getValue()));
        properties.removeAll();
        sorted.forEach(properties::set);
        ArrayNode required = schema.putArray("required");
        sorted.keySet().forEach(required::add);
        return schema;
    }

    /** Returns the document of every event topic, with its records and their headers. */
    private static JsonNode asyncApi() {
        ObjectNode root = Json.mapper().createObjectNode();
        root.put("asyncapi", "3.0.0");
        root.putObject("info")
                .put("title", "Basin")
                .put("version", "1")
                .put(
                        "description",
                        "Events of a streaming laboratory: studies, runs, losses, checkpoints, flatness, accuracies"
                            + " and their correlations. Records are keyed as the channels say. Whoever writes an event"
                            + " gives its id in the header ce_id by the recipe of infra/docs/kafka-api.md; writing it"
                            + " twice changes nothing.");
        root.put("defaultContentType", "application/json");
        ObjectNode channels = root.putObject("channels");
        ObjectNode operations = root.putObject("operations");
        ObjectNode components = root.putObject("components");
        ObjectNode messages = components.putObject("messages");
        Map<Topic, List<String>> byTopic = byTopic();
        byTopic.forEach((topic, names) -> {
            ObjectNode channel = channels.putObject(topic.topicName());
            channel.put("address", topic.topicName());
            channel.put("description", description(topic));
            ObjectNode referred = channel.putObject("messages");
            names.forEach(name -> referred.putObject(name).put("$ref", "#/components/messages/" + name));
            channel.putObject("bindings").putObject("kafka").put("bindingVersion", "0.5.0");
            for (String action : List.of("send", "receive")) {
                operations
                        .putObject(action + "." + topic.topicName())
                        .put("action", action)
                        .putObject("channel")
                        .put("$ref", "#/channels/" + topic.topicName().replace("/", "~1"));
            }
        });
        for (String name : types().keySet()) {
            ObjectNode message = messages.putObject(name);
            message.put("name", name);
            message.put("contentType", "application/json");
            message.putObject("headers").put("$ref", "#/components/schemas/CloudEventsHeaders");
            message.putObject("payload")
                    .put("schemaFormat", "application/schema+json;version=draft-2020-12")
                    .putObject("schema")
                    .put("$ref", "./" + name + ".json");
            ObjectNode kafka = message.putObject("bindings").putObject("kafka");
            kafka.putObject("key").put("type", "string").put("description", key(name));
            kafka.put("bindingVersion", "0.5.0");
        }
        components.putObject("schemas").set("CloudEventsHeaders", headers());
        return root;
    }

    private static Map<Topic, List<String>> byTopic() {
        Map<Topic, List<String>> topics = new TreeMap<>();
        topics.put(Topic.STUDY, List.of("StudySubmitted", "StudyControlled"));
        topics.put(Topic.RUN, List.of("RunDeclared", "RunFinished", "RunFailed"));
        topics.put(Topic.LOSS, List.of("LossMeasured"));
        topics.put(Topic.CHECKPOINT, List.of("CheckpointPublished"));
        topics.put(Topic.FLATNESS, List.of("FlatnessMeasured", "LayersMeasured", "SpectrumMeasured"));
        topics.put(Topic.DOWNSTREAM, List.of("DownstreamMeasured"));
        topics.put(Topic.CORRELATION, List.of("CorrelationComputed", "QuestionAnswered"));
        return topics;
    }

    private static String description(Topic topic) {
        return switch (topic) {
            case STUDY -> "Studies as submitted, and what was asked for of them. Kept for ever.";
            case RUN -> "Runs declared, finished, failed. Kept for ever.";
            case LOSS -> "Losses against the exact conditional. Kept for ever.";
            case CHECKPOINT -> "Checkpoints whose weights are complete on basin.weights. Kept for ever.";
            case FLATNESS -> "Flatness of checkpoints. Kept for ever; others may write here.";
            case DOWNSTREAM -> "Accuracies of checkpoints on tasks. Kept for ever; others may write here.";
            case CORRELATION ->
                "Rows of the table of correlations, and answers to other questions, derived from the others; the"
                        + " newest of every key is kept.";
            default -> throw new IllegalArgumentException("Topic " + topic + " holds no events.");
        };
    }

    private static String key(String name) {
        return switch (name) {
            case "StudySubmitted", "StudyControlled" -> "The study's id.";
            case "CorrelationComputed" -> "STUDY/GENERATION/hash of the row.";
            case "QuestionAnswered" -> "STUDY/GENERATION/answer.";
            default -> "The run's id.";
        };
    }

    /**
     * Returns the headers of CloudEvents 1.0 in Kafka's binary mode, in which attributes are
     * headers in UTF-8.
     */
    private static ObjectNode headers() {
        ObjectNode headers = Json.mapper().createObjectNode();
        headers.put("type", "object");
        headers.put("description", "Attributes of CloudEvents 1.0 (Kafka binding, binary mode), and Basin's own.");
        ObjectNode properties = headers.putObject("properties");
        text(properties, "ce_id", "The event's id: what it is about and what was asked, never when.")
                .put("pattern", "^[0-9a-f]{32}$");
        text(properties, "ce_type", "basin. and the type of the event.")
                .putArray("enum")
                .addAll((ArrayNode) Json.mapper()
                        .valueToTree(types().keySet().stream()
                                .map(name -> "basin." + name)
                                .toList()));
        text(properties, "ce_source", "Who wrote it, as in basin/trainer.");
        ObjectNode version = text(properties, "ce_specversion", "The version of CloudEvents.");
        version.put("const", "1.0");
        text(properties, "ce_time", "When it was written (RFC 3339); no part of the event.")
                .put("format", "date-time");
        text(properties, "basin_study", "The study that it was made for.");
        text(properties, "basin_run", "The run that it is about.");
        text(properties, "basin_checkpoint", "The step of the checkpoint that it is about.");
        text(properties, "basin_work_item", "The work item that it came of.");
        text(properties, "basin_seconds", "What measuring it took, in seconds; no part of the event.");
        text(
                properties,
                "basin_gradients",
                "What measuring it took, in ordinary gradients of one example (a forward pass is a third of one, a"
                        + " Hessian-vector product two); no part of the event.");
        ArrayNode required = headers.putArray("required");
        List.of("ce_id", "ce_type", "ce_source", "ce_specversion").forEach(required::add);
        return headers;
    }

    private static ObjectNode text(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "string").put("description", description);
    }

    static String pretty(JsonNode node) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try {
            return Json.mapper().writer(printer).writeValueAsString(node) + "\n";
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Returns the topics that contain events. */
    static List<Topic> topicsOfEvents() {
        return Arrays.stream(Topic.values())
                .filter(topic -> byTopic().containsKey(topic))
                .toList();
    }
}
