package basin.study.file;

import basin.study.AlgorithmSpec;
import basin.study.ArmSpec;
import basin.study.ClaimSpec;
import basin.study.Json;
import basin.study.QuestionSpec;
import basin.study.Schedule;
import basin.study.StartSpec;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * JSON Schemas of the files that people write: structure from the records that they are bound to,
 * words, defaults and ranges from {@link Fields}. Unlike the schemas of events, they forbid unknown
 * fields, write constants in lower case, and choose the form of a {@code kind} by if and then, so
 * that a validator reports only the faults of that form.
 */
final class FileSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String REQUIRED = "required";
    private static final String PROPERTIES = "properties";
    private static final String KIND = "kind";
    private static final String DEFINITIONS = "$defs";
    private static final String REFERENCE = "$ref";
    private static final List<Map.Entry<String, String>> BOUNDS = List.of(
            Map.entry("min", "minimum"),
            Map.entry("above", "exclusiveMinimum"),
            Map.entry("max", "maximum"),
            Map.entry("below", "exclusiveMaximum"));

    private FileSchema() {}

    /**
     * Returns the schema of files in the form of a record. A component of type {@link Optional} may
     * be absent.
     */
    static ObjectNode of(Class<? extends Record> type) {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
                .with(Option.INLINE_ALL_SCHEMAS, Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
                .without(Option.FLATTENED_OPTIONALS);
        builder.forFields()
                // A file leaves a field out instead of giving null.
                .withTargetTypeOverridesResolver(
                        field -> Optional.ofNullable(field.getTypeParameterFor(Optional.class, 0))
                                .map(List::of)
                                .orElse(null))
                .withRequiredCheck(field -> field.getAnnotation(JsonInclude.class) == null
                        && field.getRawMember().getType() != Optional.class);
        builder.forTypesInGeneral().withCustomDefinitionProvider((own, context) -> {
            Class<?> erased = own.getErasedType();
            return erased == AlgorithmSpec.class || erased == ArmSpec.class
                    ? inline(NODES.objectNode().put(REFERENCE, "#/" + DEFINITIONS + "/arm"))
                    : erased == StartSpec.class ? inline(oneOf("string", "object")) : null;
        });
        ObjectNode schema = new SchemaGenerator(builder.build()).generateSchema(type);
        for (JsonNode constants : schema.findValues("enum")) {
            ArrayNode list = (ArrayNode) constants;
            for (int i = 0; i < list.size(); i++) {
                list.set(i, list.get(i).asText().toLowerCase(Locale.ROOT));
            }
        }
        schema.findParents("anyOf").forEach(forms -> byKind((ObjectNode) forms));
        return schema;
    }

    /**
     * Returns the schema of study files: that of the record, with the names that a file gives
     * instead of hashes and contents, and without what only another program's runs have.
     */
    static ObjectNode study() {
        ObjectNode schema = of(StudySpec.class);
        ObjectNode fields = properties(schema);
        fields.remove("ingested");
        orMany(fields, "startFrom");
        for (String some : List.of("sizes", "algorithms", "learningRates", "seeds")) {
            ((ObjectNode) fields.get(some)).put("minItems", 1);
        }
        ObjectNode language = (ObjectNode) fields.get("language");
        withoutKind(language, "ingested");
        for (JsonNode form : language.path("allOf")) {
            ObjectNode own = (ObjectNode) form.get("then");
            switch (kindOf(form)) {
                case "teacher" -> unless(own, "weights", "folder");
                case "grammar" -> unless(own, "grammar", "file");
                default -> {}
            }
        }
        ObjectNode task = (ObjectNode) schema.at("/properties/tasks/items");
        ObjectNode asked = task.deepCopy();
        properties(asked).remove(List.of("table", "shift"));
        unless(task, "table", "start", "length", "label");
        for (ObjectNode own : List.of(task, asked)) {
            ArrayNode labels = (ArrayNode) own.at("/properties/label/enum");
            remove(labels, TaskSpec.Label.COLUMN.name().toLowerCase(Locale.ROOT));
            remove(labels, TaskSpec.Label.SCORED.name().toLowerCase(Locale.ROOT));
        }
        ObjectNode table = (ObjectNode) task.at("/properties/table");
        unless(table, "layout", "texts", "label");
        remove((ArrayNode) table.get(REQUIRED), "classes");
        algorithms(schema, asked);
        ObjectNode estimator = properties(schema.at("/properties/flatness/items"));
        estimator.set("expandTo", either("string", oneOf("string"), estimator.get("expandTo")));
        ObjectNode protocols = (ObjectNode) schema.at("/properties/protocols/items");
        withoutKind(protocols, "scores");
        for (JsonNode protocol : protocols.path("allOf")) {
            ObjectNode own = properties(protocol.get("then"));
            ObjectNode many = oneOf("array").put("minItems", 1).put("uniqueItems", true);
            many.set("items", own.get("labels"));
            own.set("labels", either("array", many, own.get("labels")));
            own.set("checkpoints", own.remove("on"));
            ArrayNode required = (ArrayNode) protocol.get("then").get(REQUIRED);
            remove(required, "on");
            required.add("checkpoints");
        }
        claim(properties(schema.at("/properties/analysis")));
        return whole(schema, "A study of Basin", Fields.STUDY);
    }

    /** Returns the schema of question files. */
    static ObjectNode question() {
        ObjectNode schema = of(QuestionSpec.class);
        ObjectNode fields = properties(schema);
        among(fields.path("measures").path("items"), QuestionSpec.MEASURES);
        among(fields.path("statistics").path("items"), QuestionSpec.STATISTICS);
        among(fields.path("given").path("items").path("items"), QuestionSpec.COVARIATES);
        among(fields.path("within").path("items").path("items"), QuestionSpec.STRATA);
        return whole(schema, "A question to a record of Basin", Fields.QUESTION);
    }

    /** Returns the schema of manifests. */
    static ObjectNode manifest() {
        ObjectNode schema = of(IngestFile.Manifest.class);
        claim(properties(schema.at("/properties/analysis")));
        return whole(schema, "A manifest of runs that another program trains, for Basin", Fields.MANIFEST);
    }

    private static ObjectNode whole(ObjectNode schema, String title, Fields fields) {
        describe(schema, "", fields);
        schema.path(DEFINITIONS).forEach(form -> describe(form, "algorithms", fields));
        JsonNode sizes = schema.at("/properties/sizes");
        if (sizes.path("items").isObject() && sizes.path("items").has(PROPERTIES)) {
            ObjectNode width = properties(sizes.path("items")).get("width").deepCopy();
            ((ObjectNode) sizes).set("items", either("integer", width, sizes.get("items")));
        }
        ObjectNode titled = NODES.objectNode();
        titled.set("$schema", schema.remove("$schema"));
        titled.put("title", title);
        titled.setAll(schema);
        return titled;
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(
                schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
    }

    /** Adds the forms of algorithms: of an arm, and of an algorithm that another one modifies. */
    private static void algorithms(ObjectNode schema, ObjectNode task) {
        ObjectNode definitions = schema.putObject(DEFINITIONS);
        definitions.set("arm", algorithm(task, true));
        definitions.set("algorithm", algorithm(task, false));
    }

    private static ObjectNode algorithm(ObjectNode task, boolean ofTheGrid) {
        ObjectNode object = oneOf("object");
        ArrayNode kinds = NODES.arrayNode();
        ArrayNode forms = NODES.arrayNode();
        AlgorithmSpec.KINDS.forEach((kind, record) -> {
            if (record != AlgorithmSpec.Other.class) {
                kinds.add(kind);
                forms.add(form(NODES.textNode(kind), algorithm(record, task, ofTheGrid)));
            }
        });
        ObjectNode kind = oneOf("string");
        kind.set("enum", kinds);
        object.putArray(REQUIRED).add(KIND);
        object.putObject(PROPERTIES).set(KIND, kind);
        object.set("allOf", forms);
        return either("string", kind.deepCopy(), object);
    }

    private static ObjectNode algorithm(Class<?> record, ObjectNode task, boolean ofTheGrid) {
        ObjectNode own = oneOf("object");
        ArrayNode required = own.putArray(REQUIRED);
        ObjectNode fields = own.putObject(PROPERTIES);
        fields.set(KIND, oneOf("string"));
        for (RecordComponent component : record.getRecordComponents()) {
            Class<?> type = component.getType();
            if (type == AlgorithmSpec.class) {
                fields.putObject("base").put(REFERENCE, "#/" + DEFINITIONS + "/algorithm");
                continue;
            }
            fields.set(
                    component.getName(),
                    type == TaskSpec.class
                            ? either("string", oneOf("string"), task.deepCopy())
                            : oneOf(
                                    type == String.class
                                            ? "string"
                                            : type == int.class || type == long.class ? "integer" : "number"));
            if (type != Optional.class) {
                required.add(component.getName());
            }
        }
        if (ofTheGrid) {
            ObjectNode learningRates = oneOf("array").put("minItems", 1).put("uniqueItems", true);
            learningRates.set("items", oneOf("number"));
            fields.set("learningRates", learningRates);
            fields.set("steps", oneOf("integer"));
            ArrayNode schedules =
                    fields.putObject("schedule").put("type", "string").putArray("enum");
            Arrays.stream(Schedule.values())
                    .forEach(one -> schedules.add(one.name().toLowerCase(Locale.ROOT)));
        }
        return own.put("additionalProperties", false);
    }

    /** Lists the names that a claim may give. */
    private static void claim(ObjectNode analysis) {
        ObjectNode claim = properties(analysis.path("claim"));
        among(claim.path("measure"), ClaimSpec.MEASURES);
        among(claim.path("statistic"), QuestionSpec.STATISTICS);
        among(claim.path("within").path("items"), QuestionSpec.STRATA);
        among(claim.path("given").path("items"), QuestionSpec.COVARIATES);
        orMany(claim, "within");
        orMany(claim, "given");
    }

    private static void among(JsonNode text, Collection<String> names) {
        ArrayNode list = ((ObjectNode) text).putArray("enum");
        names.forEach(list::add);
    }

    private static ObjectNode oneOf(String... types) {
        ObjectNode schema = NODES.objectNode();
        if (types.length == 1) {
            return schema.put("type", types[0]);
        }
        Arrays.stream(types).forEach(schema.putArray("type")::add);
        return schema;
    }

    /** Returns a schema that applies one schema to values of a type and another to all others. */
    private static ObjectNode either(String type, JsonNode then, JsonNode otherwise) {
        ObjectNode schema = NODES.objectNode();
        schema.set("if", oneOf(type));
        schema.set("then", then);
        schema.set("else", otherwise);
        if (type.equals("string") && otherwise instanceof ObjectNode fields) {
            // Has no effect on what is valid, because strings do not get here. It tells the YAML
            // reader that a scalar may be a text.
            fields.putArray("type").add("object").add("string");
        }
        return schema;
    }

    /** Allows one item in place of a list of them. */
    private static void orMany(ObjectNode fields, String name) {
        ObjectNode list = (ObjectNode) fields.get(name);
        list.put("minItems", 1);
        fields.set(name, either("array", list, list.get("items").deepCopy()));
    }

    /** Requires these fields exactly if {@code given} is absent. */
    private static void unless(ObjectNode schema, String given, String... needed) {
        ArrayNode required = (ArrayNode) schema.get(REQUIRED);
        remove(required, given);
        ObjectNode fields = properties(schema);
        fields.putIfAbsent(given, oneOf("string"));
        schema.putObject("if").putArray(REQUIRED).add(given);
        ArrayNode otherwise = schema.putObject("else").putArray(REQUIRED);
        for (String name : needed) {
            remove(required, name);
            fields.putIfAbsent(name, oneOf("string"));
            otherwise.add(name);
        }
    }

    private static void remove(ArrayNode list, String name) {
        list.removeIf(one -> one.asText().equals(name));
    }

    private static ObjectNode properties(JsonNode schema) {
        return (ObjectNode) schema.get(PROPERTIES);
    }

    private static String kindOf(JsonNode form) {
        return form.at("/if/properties/kind/const").asText();
    }

    private static void withoutKind(ObjectNode schema, String kind) {
        remove((ArrayNode) schema.at("/properties/kind/enum"), kind);
        ((ArrayNode) schema.get("allOf")).removeIf(form -> kindOf(form).equals(kind));
    }

    private static ObjectNode form(JsonNode kind, JsonNode then) {
        ObjectNode form = NODES.objectNode();
        ObjectNode condition = form.putObject("if");
        condition.putObject(PROPERTIES).putObject(KIND).set("const", kind);
        condition.putArray(REQUIRED).add(KIND);
        form.set("then", then);
        return form;
    }

    /** Replaces a choice of forms by one that depends on {@code kind}. */
    private static void byKind(ObjectNode schema) {
        JsonNode forms = schema.get("anyOf");
        schema.removeAll().put("type", "object");
        schema.putArray(REQUIRED).add(KIND);
        ArrayNode kinds = schema.putObject(PROPERTIES)
                .putObject(KIND)
                .put("type", "string")
                .putArray("enum");
        ArrayNode branches = schema.putArray("allOf");
        for (JsonNode own : forms) {
            JsonNode kind = own.at("/properties/kind/const");
            kinds.add(kind);
            branches.add(form(kind, own));
        }
    }

    /** Adds meanings, defaults, ranges and examples, and requires no field that has a default. */
    private static void describe(JsonNode node, String path, Fields fields) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        if (schema.get(REQUIRED) instanceof ArrayNode required) {
            required.removeIf(name -> isOptional(name.asText(), path, fields));
        }
        if (schema.get(PROPERTIES) instanceof ObjectNode properties) {
            List<Map.Entry<String, JsonNode>> sorted = properties.properties().stream()
                    .sorted(Comparator.comparingInt(field -> fields.position(Fields.child(path, field.getKey()))))
                    .toList();
            properties.removeAll();
            for (Map.Entry<String, JsonNode> field : sorted) {
                String own = Fields.child(path, field.getKey());
                properties.set(field.getKey(), field.getValue());
                if (!isFormsKind(field.getKey(), path)) {
                    fields.find(own).ifPresent(words -> describe((ObjectNode) field.getValue(), words));
                }
                describe(field.getValue(), own, fields);
            }
        }
        for (JsonNode form : schema.path("allOf")) {
            String kind = kindOf(form);
            describe(form.path("then"), path + "(" + kind + ")", fields);
            if (fields.find(Fields.child(path, KIND))
                    .flatMap(Fields.Field::constant)
                    .filter(usual -> usual.asText().equals(kind))
                    .isPresent()) {
                ((ObjectNode) form.path("if")).remove(REQUIRED);
            }
        }
        for (String part : Set.of("items", "then", "else")) {
            describe(schema.path(part), path, fields);
        }
    }

    /** Returns whether it is the kind of a form, which is chosen by that kind. */
    private static boolean isFormsKind(String name, String path) {
        return name.equals(KIND) && path.endsWith(")");
    }

    private static boolean isOptional(String name, String path, Fields fields) {
        return isFormsKind(name, path)
                || fields.find(Fields.child(path, name))
                        .filter(Fields.Field::hasDefault)
                        .isPresent();
    }

    private static void describe(ObjectNode schema, Fields.Field field) {
        String more = field.constant().isPresent()
                ? ""
                : field.absent()
                        .map(meaning -> " Left out: " + meaning + ".")
                        .orElse(field.defaults().isEmpty() ? "" : " Default: " + field.defaults() + ".");
        String about = field.about();
        schema.put("description", about.substring(0, 1).toUpperCase(Locale.ROOT) + about.substring(1) + "." + more);
        field.constant().ifPresent(value -> schema.set("default", value));
        field.example()
                .ifPresent(text -> schema.putArray("examples")
                        .add(YamlTree.parse("example: " + text, field.path())
                                .root()
                                .path("example")));
        BOUNDS.forEach(side -> field.bound(side.getKey()).ifPresent(bound -> bound(schema, side.getValue(), bound)));
    }

    private static void bound(JsonNode node, String keyword, JsonNode bound) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        String type = schema.path("type").asText();
        if (type.equals("integer") || type.equals("number")) {
            schema.set(keyword, bound);
        }
        for (String part : List.of("items", "then", "else")) {
            bound(schema.path(part), keyword, bound);
        }
    }
}
