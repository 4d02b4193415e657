package basin.network.folder;

import basin.network.Rotary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reader of rotary positions. They stand in {@code rope_parameters}, as {@code transformers}
 * writes them since version 5, or in fields of their own and {@code rope_scaling}, as before; what
 * stands in several places must be the same. For one thread.
 */
final class RotaryConfig {
    private static final String PARAMETERS = "rope_parameters";
    private static final String SCALING = "rope_scaling";
    private static final String THETA = "rope_theta";
    private static final String TYPE = "rope_type";
    private static final String DEFAULT = "default";
    private static final String SHARE = "partial_rotary_factor";
    private static final String FACTOR = "factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    /** The kinds of layers that may have rotary positions of their own. */
    static final String FULL = "full_attention";

    static final String SLIDING = "sliding_attention";

    /** Turns over the pre-training length between which YaRN's scaling sets in by default. */
    private static final double FAST_TURNS = 32;

    private static final double SLOW_TURNS = 1;

    private final ConfigFile config;
    private final Places places;
    /** The objects that hold parameters, and the file itself. */
    private final List<ConfigFile> objects = new ArrayList<>();

    /** The answer to whether the kinds of layers have objects of their own. */
    private final boolean byKind;

    /**
     * The layout's own names and defaults.
     *
     * @param kind kind of the layers, which {@code rope_parameters} may distinguish
     * @param thetas fields of the file that may give θ
     * @param theta θ if nothing gives it
     * @param shares fields of the file that may give the share of a head's dimensions that is
     *     turned; empty if all are turned
     * @param share the share if nothing gives it
     */
    record Places(String kind, List<String> thetas, double theta, List<String> shares, double share) {
        static Places usual(String kind, double theta) {
            return new Places(kind, List.of(THETA), theta, List.of(), 1);
        }
    }

    private RotaryConfig(ConfigFile config, Places places) {
        this.config = config;
        this.places = places;
        Optional<ConfigFile> parameters = config.object(PARAMETERS);
        this.byKind = parameters
                .filter(given -> given.has(FULL) || given.has(SLIDING))
                .isPresent();
        if (byKind) {
            parameters.get().object(places.kind()).ifPresent(objects::add);
            parameters.get().refuseOthers(PARAMETERS, List.of(FULL, SLIDING)::contains);
        } else {
            parameters.ifPresent(objects::add);
        }
        config.object(SCALING).ifPresent(objects::add);
    }

    /**
     * Returns the rotary positions of layers of a kind.
     *
     * @param headWidth dimensions of a head
     * @param maxLength tokens of the longest sequence
     * @param notes receives a sentence if a default is used
     */
    static Rotary read(ConfigFile config, Places places, int headWidth, int maxLength, List<String> notes) {
        return new RotaryConfig(config, places).rotary(headWidth, maxLength, true, notes);
    }

    /**
     * Returns rotary positions as {@link #read}, without scaling unless it is given for these
     * layers alone.
     */
    static Rotary unscaled(ConfigFile config, Places places, int headWidth, int maxLength, List<String> notes) {
        RotaryConfig read = new RotaryConfig(config, places);
        if (!read.byKind
                && !config.object(PARAMETERS)
                        .map(given -> given.text(TYPE, DEFAULT))
                        .orElse(DEFAULT)
                        .equals(DEFAULT)) {
            throw config.refused(
                    PARAMETERS,
                    "one scaling for all layers",
                    "give those of " + FULL + " and of " + SLIDING + ", for versions of transformers differ");
        }
        return read.rotary(headWidth, maxLength, read.byKind, notes);
    }

    private Rotary rotary(int headWidth, int maxLength, boolean scaled, List<String> notes) {
        double theta = number(THETA, places.thetas()).orElseGet(() -> {
            String note = "config.json gives no rope_theta: " + places.theta() + ", the default of its type, is used.";
            if (!notes.contains(note)) {
                notes.add(note);
            }
            return places.theta();
        });
        double share = number(SHARE, places.shares()).orElse(places.share());
        int dimensions = (int) (headWidth * share);
        if (share > 1
                || dimensions < 2
                || dimensions % 2 != 0
                || (places.shares().isEmpty() && share != 1)) {
            throw config.refused(
                    places.shares().isEmpty() ? SHARE : places.shares().getFirst(),
                    String.valueOf(share),
                    "give a share that turns an even number of a head's " + headWidth + " dimensions"
                            + (places.shares().isEmpty() ? ", which is 1 for this type" : ""));
        }
        Rotary plain = Rotary.of(theta, dimensions);
        String type = type();
        Rotary positions = switch (type) {
            case DEFAULT -> plain;
            case "linear" -> plain.linear(required(FACTOR));
            case "llama3" ->
                plain.llama3(
                        required(FACTOR),
                        required("low_freq_factor"),
                        required("high_freq_factor"),
                        required(ORIGINAL));
            case "yarn" -> yarn(plain, theta, maxLength);
            default ->
                throw config.refused(
                        TYPE,
                        "'" + type + "'",
                        "only rotary positions of type default, linear, llama3 and yarn are read");
        };
        for (ConfigFile object : objects) {
            object.refuseOthers("rotary positions " + type, field -> false);
        }
        return scaled ? positions : plain;
    }

    private Rotary yarn(Rotary plain, double theta, int maxLength) {
        double factor = required(FACTOR);
        Optional<Double> all = number("mscale_all_dim");
        Optional<Double> one = number("mscale");
        double usual = one.isPresent() && all.isPresent()
                ? mscale(factor, one.get()) / mscale(factor, all.get())
                : mscale(factor, 1);
        boolean whole = objects.stream().allMatch(object -> object.flag("truncate", true));
        return plain.yarn(
                theta,
                factor,
                number("beta_fast").orElse(FAST_TURNS),
                number("beta_slow").orElse(SLOW_TURNS),
                number(ORIGINAL).orElse((double) maxLength),
                whole,
                number("attention_factor").orElse(usual));
    }

    private static double mscale(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    private String type() {
        List<String> types = objects.stream()
                .flatMap(object -> List.of(object.text(TYPE, ""), object.text("type", "")).stream())
                .filter(type -> !type.isEmpty())
                .distinct()
                .toList();
        if (types.size() > 1) {
            throw config.refused(TYPE, String.join(" and ", types), "give one type");
        }
        return types.isEmpty() ? DEFAULT : types.getFirst();
    }

    private double required(String field) {
        return number(field)
                .orElseThrow(
                        () -> config.refused(field, "missing", "give that of the rotary scaling of type " + type()));
    }

    private Optional<Double> number(String field) {
        return number(field, List.of());
    }

    /** Returns a number that the objects, or fields of the file, give; they must agree. */
    private Optional<Double> number(String field, List<String> ofFile) {
        List<Double> all = new ArrayList<>();
        objects.forEach(object -> object.positive(field).ifPresent(all::add));
        ofFile.forEach(name -> config.positive(name).ifPresent(all::add));
        if (all.stream().distinct().count() > 1) {
            throw config.refused(
                    field,
                    all.getFirst() + " in one place and " + all.getLast() + " in another",
                    "give one value, in " + PARAMETERS + " or as its own field");
        }
        return all.stream().findFirst();
    }
}
