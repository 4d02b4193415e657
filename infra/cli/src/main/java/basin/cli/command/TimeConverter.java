package basin.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as every command takes it: {@code 30s}, {@code 5min}, {@code 1h}, or seconds. */
public final class TimeConverter implements ITypeConverter<Duration> {
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|min|h)?");

    @Override
    public Duration convert(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new TypeConversionException("'" + text + "' is no time");
        }
        String unit = time.group(2) == null ? "s" : time.group(2);
        return Duration.parse("PT" + time.group(1) + unit.substring(0, 1).toUpperCase(Locale.ROOT));
    }
}
