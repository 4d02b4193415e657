package basin.lm.model;

/** What configurations of encoders have in common. */
final class Heads {
    private Heads() {}

    /** A number of heads that divides the width. */
    static int of(ConfigFile config, String field, int width) {
        int heads = config.number(field, 1, width);
        if (width % heads != 0) {
            throw config.refused(field, String.valueOf(heads), "give a number that divides the width, " + width);
        }
        return heads;
    }

    /** Refuses positions that enter otherwise than by a table. */
    static void absolutePositions(ConfigFile config) {
        String kind = config.text("position_embedding_type", "absolute");
        if (!kind.equals("absolute")) {
            throw config.refused("position_embedding_type", "'" + kind + "'", "only absolute is read");
        }
    }
}
