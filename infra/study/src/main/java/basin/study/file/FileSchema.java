package basin.study.file;

import basin.study.AlgorithmSpec;
import basin.study.ArmSpec;
import basin.study.Json;
import basin.study.StartSpec;
import basin.study.StudySpec;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON Schemas of the files that people write, generated from the records that they are bound to.
 * Unlike the schemas of events, they forbid unknown fields, write constants in lower case, and
 * choose the form of a {@code kind} by if and then, so that a validator reports only the faults of
 * that form.
 */
final class FileSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String REQUIRED = "required";
    private static final String PROPERTIES = "properties";

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
                    ? inline(algorithm(AlgorithmSpec.KINDS.size()))
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
     * instead of hashes and contents.
     */
    static ObjectNode study() {
        ObjectNode schema = of(StudySpec.class);
        ObjectNode fields = properties(schema);
        fields.remove("ingested");
        fields.set("start_from", fields.remove("startFrom"));
        orMany(fields, "start_from");
        for (JsonNode language : fields.path("language").path("allOf")) {
            ObjectNode own = (ObjectNode) language.get("then");
            switch (language.at("/if/properties/kind/const").asText()) {
                case "teacher" -> unless(own, "weights", "folder");
                case "grammar" -> unless(own, "grammar", "file");
                default -> {}
            }
        }
        ObjectNode task = (ObjectNode) schema.at("/properties/tasks/items");
        unless(task, "table", "start", "length", "label");
        ObjectNode table = (ObjectNode) task.at("/properties/table");
        unless(table, "layout", "texts", "label");
        remove((ArrayNode) table.get(REQUIRED), "classes");
        ObjectNode estimator = properties(schema.at("/properties/flatness/items"));
        estimator.set("expandTo", either("string", oneOf("string"), estimator.get("expandTo")));
        for (JsonNode protocol : schema.at("/properties/protocols/items/allOf")) {
            ObjectNode own = properties(protocol.get("then"));
            if (own.has("labels")) {
                ObjectNode many = oneOf("array").put("minItems", 1).put("uniqueItems", true);
                many.set("items", own.get("labels"));
                own.set("labels", either("array", many, own.get("labels")));
            }
        }
        ObjectNode claim = properties(schema.at("/properties/analysis/properties/claim"));
        orMany(claim, "within");
        orMany(claim, "given");
        return schema;
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(
                schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
    }

    /**
     * Returns the schema of an algorithm, which only states which fields are texts. {@link
     * AlgorithmSpec#of} checks everything else.
     */
    private static ObjectNode algorithm(int levels) {
        ObjectNode object = NODES.objectNode();
        ObjectNode fields = object.putObject(PROPERTIES);
        fields.set("kind", oneOf("string"));
        fields.set("name", oneOf("string"));
        fields.set("schedule", oneOf("string"));
        fields.set("task", oneOf("string", "object"));
        if (levels > 0) {
            fields.set("base", algorithm(levels - 1));
        }
        return either("object", object, oneOf("string"));
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
        fields.set(name, either("array", list, list.get("items")));
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

    /** Replaces a choice of forms by one that depends on {@code kind}. */
    private static void byKind(ObjectNode schema) {
        JsonNode forms = schema.get("anyOf");
        schema.removeAll().put("type", "object");
        schema.putArray(REQUIRED).add("kind");
        ArrayNode kinds = schema.putObject(PROPERTIES)
                .putObject("kind")
                .put("type", "string")
                .putArray("enum");
        ArrayNode branches = schema.putArray("allOf");
        for (JsonNode form : forms) {
            JsonNode kind = form.at("/properties/kind/const");
            kinds.add(kind);
            ObjectNode branch = branches.addObject();
            ObjectNode condition = branch.putObject("if");
            condition.putObject(PROPERTIES).putObject("kind").set("const", kind);
            condition.putArray(REQUIRED).add("kind");
            branch.set("then", form);
        }
    }
}
