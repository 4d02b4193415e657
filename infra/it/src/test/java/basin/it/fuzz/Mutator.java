package basin.it.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source of changed inputs: flipped bits, cuts, repetitions, splices, tokens of the corpus and of
 * the formats, deep nesting, huge numbers. The same seed gives the same inputs. Not thread-safe.
 */
final class Mutator {
    private static final int MAX_BYTES = 1 << 16;
    private static final int MAX_DEPTH = 20_000;
    private static final int MAX_POOL = 400;
    private static final Pattern WORD = Pattern.compile("[\\w.-]{2,40}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private static final List<String> TOKENS = List.of(
            ("null|true|false|NaN|-Infinity|0|-1|1e999|1e-999|-0.0|0.1|9223372036854775807|9223372036854775808|2147483647|2147483648|4294967296|99999999999999999999999999999999|1e2147483648|[]|{}|\"\"|\\u0000|\\ud800|\\\\|\\n"
                + "|&a|*a|<<: *a|!!python/object:x|!!binary|!!set|? |---|...|%YAML"
                + " 9|'|\"|#|,|:|;|[|]|{|}|../|/|/dev/null|\u00fc|\u65e5\u672c|\ud83d\ude00|\u202e|\ufeff|\u2028|~1|~0|\r"
                + "|\r\n"
                + "|\n"
                + "|\t|\u0000|\u001b[2J|__metadata__|dtype|shape|data_offsets|GET / HTTP/1.1|Content-Length:"
                + " 9|Transfer-Encoding: chunked|%00|%2e%2e%2f|%zz|[[[[[[[[|0x10|1_000|010|.5|5.|+1")
                    .split("\\|"));

    private final RandomGenerator random;
    private final List<byte[]> pool;
    private final List<byte[]> words = new ArrayList<>();

    Mutator(List<byte[]> corpus, RandomGenerator random) {
        this.random = random;
        this.pool = new ArrayList<>(corpus);
        Set<String> found = new TreeSet<>(TOKENS);
        for (byte[] one : corpus) {
            WORD.matcher(text(one)).results().limit(500).forEach(word -> found.add(word.group()));
        }
        found.forEach(word -> words.add(word.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Adds an input that the reader treated in a new way, so that changes of it are tried, too. */
    void keep(byte[] input) {
        if (pool.size() < MAX_POOL) {
            pool.add(input);
        }
    }

    /** Returns the next input. */
    byte[] next() {
        byte[] input = any(pool);
        do {
            input = changed(input);
        } while (random.nextInt(3) > 0);
        return input.length > MAX_BYTES ? Arrays.copyOf(input, MAX_BYTES) : input;
    }

    private byte[] changed(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int length = Math.min(input.length - at, 1 + random.nextInt(1 << random.nextInt(1, 10)));
        return switch (random.nextInt(14)) {
            case 0 -> bits(input);
            case 1 -> Arrays.copyOf(input, at);
            case 2 -> replaced(input, at, length, new byte[0]);
            case 3 -> replaced(input, at, 0, Arrays.copyOfRange(input, at, at + length));
            case 4, 5 -> replaced(input, at, 0, any(words));
            case 6 -> replaced(input, at, length, any(words));
            case 7 -> spliced(input, at, length);
            case 8 -> nested(input, at);
            case 9, 10 -> word(input, random.nextBoolean() ? WORD : NUMBER);
            case 11 -> integer(input, at);
            case 12 -> lines(input);
            default -> replaced(input, at, 0, run());
        };
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static byte[] replaced(byte[] input, int at, int length, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + by.length);
        out.write(input, 0, at);
        out.writeBytes(by);
        out.write(input, at + length, input.length - at - length);
        return out.toByteArray();
    }

    private byte[] bits(byte[] input) {
        byte[] flipped = input.clone();
        for (int i = random.nextInt(1, 9); i > 0 && flipped.length > 0; i--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] spliced(byte[] input, int at, int length) {
        byte[] other = any(pool);
        int from = random.nextInt(other.length + 1);
        int to = Math.min(other.length, from + random.nextInt(1, 500));
        return replaced(input, at, length, Arrays.copyOfRange(other, from, to));
    }

    /** Inserts up to some thousand opening marks, with or without those that close them. */
    private byte[] nested(byte[] input, int at) {
        String open = any(List.of("[", "{\"a\":", "{a: ", "- ", "\"", "(", "[[", "[{\"a\":", "? ", "- - "));
        int depth = random.nextInt(1, 1 << random.nextInt(2, 15)) % MAX_DEPTH;
        String close = open.contains("{") ? "}" : "]";
        String whole = open.repeat(depth) + (random.nextBoolean() ? "1" + close.repeat(depth) : "");
        return replaced(input, at, 0, whole.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces a word or number by another. */
    private byte[] word(byte[] input, Pattern pattern) {
        Matcher found = pattern.matcher(text(input));
        if (!found.find(random.nextInt(input.length + 1))) {
            return input;
        }
        return replaced(input, found.start(), found.end() - found.start(), any(words));
    }

    /** Writes an extreme number over bytes, in either order. */
    private byte[] integer(byte[] input, int at) {
        int size = any(List.of(1, 2, 4, 8));
        long value = random.nextBoolean()
                ? any(List.of(0L, -1L, 1L, 1L << 31, (1L << 31) - 1, 1L << 62, Long.MIN_VALUE, Long.MAX_VALUE, 255L))
                : (long) random.nextInt(-64, 1 << 16);
        if (at + size > input.length) {
            return input;
        }
        ByteBuffer out = ByteBuffer.allocate(8)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putLong(value);
        byte[] bytes = out.array();
        int from = out.order() == ByteOrder.LITTLE_ENDIAN ? 0 : 8 - size;
        return replaced(input, at, size, Arrays.copyOfRange(bytes, from, from + size));
    }

    /** Removes, doubles or moves a line. */
    private byte[] lines(byte[] input) {
        List<String> lines = new ArrayList<>(List.of(text(input).split("(?<=\n)")));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        if (random.nextBoolean()) {
            lines.remove(at);
        }
        if (random.nextBoolean()) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] run() {
        byte[] run = new byte[1 << random.nextInt(13)];
        Arrays.fill(run, random.nextBoolean() ? any(words)[0] : (byte) random.nextInt(256));
        return run;
    }
}
