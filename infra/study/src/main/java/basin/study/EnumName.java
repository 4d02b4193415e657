package basin.study;

import java.util.Locale;

/** The names of enum constants in data files, JSON and metrics. Pure functions. */
public final class EnumName {
    private EnumName() {}

    /** Returns the name in lower case with hyphens, such as {@code matched-within-size}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
