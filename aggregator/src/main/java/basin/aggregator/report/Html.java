package basin.aggregator.report;

/** Escaping of text for HTML and SVG. */
final class Html {
    private Html() {}

    /** Returns the text with the markup's special characters escaped. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
