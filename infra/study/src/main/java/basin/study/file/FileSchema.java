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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON schemas of the files that people write, generated from the records that they are bound to. Unlike the schemas of
 * events they forbid unknown fields, write constants in lower case, and choose the form of a {@code kind} by if and then,
 * so that a validator reports the faults of that form alone.
 */
final class FileSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String REQUIRED = "required";
    private static final String PROPERTIES = "properties";

    private FileSchema() {}

    /** The schema of files in the form of a record; a component that is an {@link Optional} may be absent. */
    static ObjectNode of(Class<? extends Record> type) {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
                .with(Option.INLINE_ALL_SCHEMAS);
        builder.forFields()
                .withRequiredCheck(field -> field.getAnnotation(JsonInclude.class) == null
                        && field.getRawMember().getType() != Optional.class);
        builder.forTypesInGeneral().withCustomDefinitionProvider((own, context) -> {
            Class<?> erased = own.getErasedType();
            return erased == AlgorithmSpec.class || erased == ArmSpec.class
                    ? inline(algorithm(AlgorithmSpec.KINDS.size()))
                    : erased == StartSpec.class ? inline(oneOf("string", "object")) : null;
        });
        return (ObjectNode) tidy(new SchemaGenerator(builder.build()).generateSchema(type));
    }

    /** The schema of study files: what the record says, and the names that stand for what the record holds. */
    static ObjectNode study() {
        ObjectNode schema = of(StudySpec.class);
        ObjectNode fields = properties(schema);
        fields.remove("ingested");
        fields.set("start_from", fields.remove("startFrom"));
        orMany(fields, "start_from");
        for (JsonNode language : fields.path("language").path("allOf")) {
            ObjectNode own = (ObjectNode) language.get("then");
            switch (kind(language)) {
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
        estimator.set("embed", either("string", oneOf("string"), estimator.get("embed")));
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

    /** Which of an algorithm's fields are texts; all else {@link AlgorithmSpec#of} says itself. */
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
        object.put("additionalProperties", true);
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

    /** One schema for values of a type, and another for all others. */
    private static ObjectNode either(String type, JsonNode then, JsonNode otherwise) {
        ObjectNode schema = NODES.objectNode();
        schema.set("if", oneOf(type));
        schema.set("then", then);
        schema.set("else", otherwise);
        if (type.equals("string") && otherwise instanceof ObjectNode fields) {
            // Changes nothing that is valid, for a string is not looked at here; says that a scalar may be meant as
            // one.
            fields.putArray("type").add("object").add("string");
        }
        return schema;
    }

    /** A list, or one of what it holds. */
    private static void orMany(ObjectNode fields, String name) {
        ObjectNode list = (ObjectNode) fields.get(name);
        list.put("minItems", 1);
        fields.set(name, either("array", list, list.get("items")));
    }

    /** Where {@code given} is absent, these are needed; which of them the record needs no longer counts. */
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
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).asText().equals(name)) {
                list.remove(i);
            }
        }
    }

    private static ObjectNode properties(JsonNode schema) {
        return (ObjectNode) schema.get(PROPERTIES);
    }

    private static String kind(JsonNode branch) {
        return branch.at("/if/properties/kind/const").asText();
    }

    /** Takes out null, which a file says by leaving a field out, and forbids fields that are not known. */
    private static JsonNode tidy(JsonNode node) {
        if (node instanceof ArrayNode list) {
            ArrayNode all = NODES.arrayNode();
            list.forEach(one -> all.add(tidy(one)));
            return all;
        }
        if (!(node instanceof ObjectNode given)) {
            return node;
        }
        ObjectNode schema = NODES.objectNode();
        given.properties().forEach(field -> schema.set(field.getKey(), tidy(field.getValue())));
        if (schema.get("type") instanceof ArrayNode types) {
            remove(types, "null");
            if (types.size() == 1) {
                schema.set("type", types.get(0));
            }
        }
        for (String keyword : List.of("anyOf", "allOf")) {
            if (schema.get(keyword) instanceof ArrayNode branches) {
                List<JsonNode> real = new ArrayList<>();
                branches.forEach(one -> {
                    if (!one.isEmpty() && !one.path("type").asText().equals("null")) {
                        real.add(one);
                    }
                });
                if (real.size() == 1) {
                    return real.getFirst();
                }
                if (real.stream().allMatch(one -> one.at("/properties/kind").has("const"))) {
                    return byKind(real);
                }
            }
        }
        if (schema.has(PROPERTIES) && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        if (schema.get("enum") instanceof ArrayNode constants) {
            ArrayNode lower = schema.putArray("enum");
            constants.forEach(one -> lower.add(one.asText().toLowerCase(Locale.ROOT)));
        }
        return schema;
    }

    private static ObjectNode byKind(List<JsonNode> forms) {
        ObjectNode schema = oneOf("object");
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
        return schema;
    }
}
