package basin.log;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A lazy view of a record's headers as text, decoded on first access because most consumers of a
 * log read few of them. Thread-safe.
 */
final class HeaderTexts extends AbstractMap<String, String> {
    private final Headers headers;
    private volatile @Nullable Map<String, String> texts;

    HeaderTexts(Headers headers) {
        this.headers = headers;
    }

    private Map<String, String> texts() {
        Map<String, String> made = texts;
        if (made == null) {
            Map<String, String> all = new LinkedHashMap<>();
            for (Header header : headers) {
                all.put(header.key(), LogRecord.text(header.value()));
            }
            made = Map.copyOf(all);
            texts = made;
        }
        return made;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return texts().entrySet();
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        return name instanceof String text ? texts().get(text) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name instanceof String text && texts().containsKey(text);
    }
}
