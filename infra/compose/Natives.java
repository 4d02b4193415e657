import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Unpacks the native libraries of the engine and of the tokenizers into DJL_CACHE_DIR while an
 * image is built, so that nothing is unpacked, and nothing has to be writable, when a container
 * starts. Started with PYTORCH_FLAVOR and the program's jars on the class path.
 */
final class Natives {
    private Natives() {}

    /**
     * Unpacks them, or fetches them where the class path has none of that flavour.
     *
     * @param arguments the version of the engine's library, and that of its Java part
     */
    public static void main(String[] arguments) throws IOException {
        String flavor = System.getenv("PYTORCH_FLAVOR");
        if (!flavor.equals("cpu")) {
            // No jar on the class path has these; they are fetched here, and never at run time.
            System.clearProperty("ai.djl.offline");
        }
        try {
            System.out.println("Engine: " + Engine.getInstance());
        } catch (EngineException | UnsatisfiedLinkError noDriver) {
            // CUDA's libraries link to the graphics driver, which a build does not have and a
            // container is given.
            if (flavor.equals("cpu")) {
                throw noDriver;
            }
        }
        // Unpacks what texts are split with, or says why not.
        LibUtils.checkStatus();
        // The name under which the engine looks when no jar with natives is on the class path.
        Path cache = Path.of(System.getenv("DJL_CACHE_DIR"), "pytorch");
        Path folder = cache.resolve(arguments[0] + "-" + flavor + "-linux-x86_64");
        if (!Files.exists(folder)) {
            try (Stream<Path> unpacked = Files.list(cache)) {
                Files.move(unpacked.findFirst().orElseThrow(), folder);
            }
        }
        Path binding = folder.resolve(arguments[1] + "-libdjl_torch.so");
        if (!Files.exists(binding)) {
            try (InputStream jar =
                    Engine.class.getResourceAsStream("/jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so")) {
                Files.copy(jar, binding);
            }
        }
        if (!Files.exists(folder.resolve("libtorch.so"))) {
            throw new IllegalStateException(folder + " lacks libtorch.so");
        }
    }
}
