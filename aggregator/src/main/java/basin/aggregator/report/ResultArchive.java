package basin.aggregator.report;

import basin.aggregator.present.Block;
import basin.aggregator.view.ResultFiles;
import basin.aggregator.view.StudyView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A ZIP file with all results of a study: the files of {@link ResultFiles}, {@code report.html},
 * and every figure of the report as {@code figures/NUMBER-NAME.svg}. The same view gives the same
 * bytes.
 */
public final class ResultArchive {
    private ResultArchive() {}

    /**
     * Returns the bytes of the file. Uses a temporary folder, which it removes.
     *
     * @throws IOException if the temporary folder cannot be written
     */
    public static byte[] of(StudyView view) throws IOException {
        Path folder = Files.createTempDirectory("basin-results");
        try {
            ResultFiles.write(view, folder);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                add(zip, "report.html", HtmlReport.of(view, Asked.OWN));
                for (Path file : files(folder)) {
                    begin(zip, file.getFileName().toString());
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
                int number = 0;
                for (Block.Figure figure : figures(HtmlReport.blocks(view, Asked.OWN))) {
                    number++;
                    add(
                            zip,
                            String.format(Locale.ROOT, "figures/%03d-%s.svg", number, figure.name()),
                            Svg.alone(figure.svg()));
                }
            }
            return bytes.toByteArray();
        } finally {
            for (Path file : files(folder)) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<Block.Figure> figures(List<Block> blocks) {
        List<Block.Figure> figures = new ArrayList<>();
        for (Block block : blocks) {
            if (block instanceof Block.Figures some) {
                figures.addAll(some.figures());
            } else if (block instanceof Block.Details details) {
                figures.addAll(figures(details.blocks()));
            }
        }
        return figures;
    }

    private static void add(ZipOutputStream zip, String name, String content) throws IOException {
        begin(zip, name);
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    /** Begins a file without a time, so that the bytes depend on its content alone. */
    private static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
    }
}
