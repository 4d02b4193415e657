package basin.aggregator.report;

/** Text in HTML and SVG. */
final class Html {
    private Html() {}

    /** The text with all that means something in markup escaped. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
