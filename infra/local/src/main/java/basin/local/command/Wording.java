package basin.local.command;

import java.time.Duration;
import java.util.Locale;

/** Times and sizes as people say them. */
final class Wording {
    private Wording() {}

    /** As in {@code 3 min 20 s}. */
    static String time(Duration time) {
        long seconds = Math.max(0, Math.round(time.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds >= 72 * 3600) {
            return String.format(Locale.ROOT, "%,d days", Math.round(seconds / 86_400.0));
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** As in {@code 12 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return Math.ceilDiv(bytes, 1000) + " kB";
        }
        if (bytes < 1_000_000_000) {
            return Math.ceilDiv(bytes, 1_000_000L) + " MB";
        }
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /** As in {@code 1.2 million}. */
    static String count(long count) {
        if (count < 1_000_000) {
            return String.format(Locale.ROOT, "%,d", count);
        }
        return count < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f million", count / 1e6)
                : String.format(Locale.ROOT, "%.1f billion", count / 1e9);
    }
}
