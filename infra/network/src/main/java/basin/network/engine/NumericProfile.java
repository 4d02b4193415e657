package basin.network.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The numeric profile: the properties of a process that determine the last bits of its arithmetic.
 * Within one profile, the same work gives the same bits (decision record 0003). Thread-safe.
 */
public final class NumericProfile {
    /** The processor features by which the linear-algebra library chooses its kernels. */
    private static final List<String> FEATURES =
            List.of("avx2", "fma", "avx512f", "avx512_vnni", "amx_tile", "asimd", "sve");

    private NumericProfile() {}

    /**
     * Returns this process's profile, as in {@code amd64 avx2 fma/libtorch 2.7.1/1 thread/mkl
     * AUTO}. It says so if the processor's features are unknown.
     */
    public static String here() {
        return System.getProperty("os.arch", "unknown") + " " + features() + "/libtorch "
                + NativeEngine.get().getVersion() + "/" + threads() + "/mkl "
                + Optional.ofNullable(System.getenv("MKL_CBWR")).orElse("unset");
    }

    private static String threads() {
        String threads = System.getProperty("ai.djl.pytorch.num_threads", "");
        return threads.isEmpty() ? "threads unset" : threads + (threads.equals("1") ? " thread" : " threads");
    }

    private static String features() {
        try {
            List<String> own = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("flags")
                            || line.toLowerCase(Locale.ROOT).startsWith("features"))
                    .findFirst()
                    .map(line -> List.of(
                            line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                    .orElse(List.of());
            List<String> known = new ArrayList<>(FEATURES);
            known.retainAll(own);
            return known.isEmpty() ? "plain" : known.stream().collect(Collectors.joining(" "));
        } catch (IOException unknown) {
            return "features unknown";
        }
    }
}
