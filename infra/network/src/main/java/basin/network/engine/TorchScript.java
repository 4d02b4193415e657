package basin.network.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A writer of small TorchScript programs in their stored form: an uncompressed zip archive of text
 * and two pickles.
 */
final class TorchScript {
    /**
     * A pickled module without parameters: protocol 2, {@code __torch__.Autograd} with
     * {@code training = True}.
     */
    private static final String MODULE = "\u0080\u0002c__torch__\nAutograd\nq\u0000)\u0081}(X\b\u0000\u0000\u0000"
            + "trainingq\u0001\u0088ubq\u0002.";

    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private TorchScript() {}

    /** Returns a program {@code (loss, leaves) -> gradients}. */
    static InputStream gradientProgram(boolean keepGraph, boolean createGraph) {
        String code = """
            class Autograd(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.Autograd,
                loss: Tensor,
                leaves: List[Tensor]) -> List[Tensor]:
                gradients = annotate(List[Tensor], [])
                found = torch.autograd.grad([loss], leaves, None, %s, %s)
                for i in range(torch.len(found)):
                  gradient = unchecked_cast(Tensor, found[i])
                  _0 = torch.append(gradients, gradient)
                return gradients
            """.formatted(python(keepGraph), python(createGraph));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "program/data.pkl", MODULE.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "program/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "program/constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "program/version", "3\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("Memory cannot refuse a write.", e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static String python(boolean value) {
        return value ? "True" : "False";
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
