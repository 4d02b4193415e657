package basin.events;

import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Study files, manifests and analysis files as YAML. Where a text is meant, a scalar is one without quotes too, as it is
 * written: the run {@code 3e-4} is not the number 3.0E-4, nor {@code 010} eight, nor {@code on} a truth value. Thread-safe.
 */
final class Yaml {
    /** Fields that hold texts or lists of texts; {@code table.test} is one only within a table. */
    private static final Set<String> TEXTS = Set.of(
            "name",
            "kind",
            "study",
            "text",
            "metric",
            "size",
            "algorithm",
            "algorithms",
            "base",
            "task",
            "tasks",
            "protocol",
            "protocols",
            "estimator",
            "embed",
            "recipe",
            "architecture",
            "label",
            "schedule",
            "features",
            "on",
            "device",
            "dtype",
            "language.file",
            "language.folder",
            "language.grammar",
            "weights",
            "tokenizer",
            "files",
            "source",
            "table.file",
            "table.test",
            "table.layout",
            "texts",
            "classes",
            "start_from",
            "startFrom",
            "run",
            "ids",
            "sizes",
            "measure",
            "measures",
            "statistic",
            "statistics",
            "expects",
            "given",
            "within",
            "title");

    private Yaml() {}

    /** A mapper that refuses unknown fields. */
    static JsonMapper.Builder mapper() {
        return Json.settings(new JsonMapper.Builder(new JsonMapper(new Factory())))
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    private static final class Factory extends YAMLFactory {
        private static final long serialVersionUID = 1L;

        Factory() {
            super(YAMLFactory.builder().streamReadConstraints(Json.constraints()));
        }

        @Override
        protected YAMLParser _createParser(Reader reader, IOContext context) {
            return new AsWritten(context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, reader);
        }
    }

    /** Gives the text of a scalar in the place of the number, truth value or null that it may be read as. */
    private static final class AsWritten extends YAMLParser {
        AsWritten(
                IOContext context,
                int parserFeatures,
                int formatFeatures,
                @Nullable LoaderOptions options,
                @Nullable ObjectCodec codec,
                Reader reader) {
            super(context, parserFeatures, formatFeatures, options, codec, reader);
        }

        @Override
        public @Nullable JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            if (token != null
                    && token.isScalarValue()
                    && token != JsonToken.VALUE_STRING
                    && !getText().isEmpty()
                    && isText(getParsingContext())) {
                _currToken = JsonToken.VALUE_STRING;
            }
            return _currToken;
        }

        private static boolean isText(JsonStreamContext inner) {
            JsonStreamContext field = named(inner);
            String name = String.valueOf(field.getCurrentName());
            JsonStreamContext outer = field.getParent();
            return TEXTS.contains(name)
                    || (outer != null && TEXTS.contains(named(outer).getCurrentName() + "." + name));
        }

        /** The object whose field this is, through the lists between. */
        private static JsonStreamContext named(JsonStreamContext inner) {
            JsonStreamContext context = inner;
            while (context.inArray() && context.getParent() != null) {
                context = context.getParent();
            }
            return context;
        }
    }
}
