package basin.aggregator.report;

import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The report's style sheet. */
final class Style {
    /** Number of sizes with distinct colours; further sizes reuse them. */
    static final int GROUPS = 6;

    /** Colours of the light and dark schemes. */
    private static final String COLOURS = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--well:#f6f8fa}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--line:#3d444d;--paper:#0d1117;--well:#161b22}}
        """;

    /** Styles of the figures. */
    private static final String FIGURES = """
        .grid{stroke:var(--line);stroke-width:.5}.axis{stroke:var(--soft)}.bar{stroke-width:1;opacity:.55}
        .tick,.title{fill:var(--soft);font-size:11px}.title{font-size:12px}.middle{text-anchor:middle}.end{text-anchor:end}
        .mark{stroke:var(--paper);stroke-width:.8}.path{fill:none;stroke-width:1.5}
        .s0{fill:#0072b2;stroke:#0072b2}.s1{fill:#d55e00;stroke:#d55e00}.s2{fill:#009e73;stroke:#009e73}
        .s3{fill:#cc79a7;stroke:#cc79a7}.s4{fill:#e69f00;stroke:#e69f00}.s5{fill:#56b4e9;stroke:#56b4e9}
        .path.s0,.path.s1,.path.s2,.path.s3,.path.s4,.path.s5{fill:none}
        """;

    static final String SHEET = COLOURS + """
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1100px;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.5rem;line-height:1.3}h2{margin-top:2.5rem;font-size:1.2rem}h3{font-size:1rem}
        caption{text-align:left;padding-bottom:.4rem}
        .soft,figcaption,caption{color:var(--soft);font-size:.875rem}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:1rem}
        .runs{display:grid;grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:.75rem}
        figure{margin:0}svg.figure,svg.curve{width:100%;height:auto}
        """ + FIGURES + """
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
        tr.primary td,tr.primary th{background:var(--well);font-weight:600}
        pre{padding:.75rem;background:var(--well);overflow-x:auto;font-size:.8125rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        @media print{details>*{display:block}}
        """;

    /** Style sheet of a figure in a separate file. */
    static final String ALONE =
            COLOURS + FIGURES + "text{font-family:system-ui,sans-serif}svg{background:var(--paper)}";

    private Style() {}

    /**
     * Returns the sheet's hash as a source expression of a content security policy, which forbids
     * any other style.
     */
    static String source() {
        return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(SHEET.getBytes(StandardCharsets.UTF_8))) + "'";
    }
}
