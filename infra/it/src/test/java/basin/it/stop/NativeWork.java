package basin.it.stop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import basin.network.engine.Torch;
import basin.study.Shutdown;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A program whose threads compute in the engine all the time, in calls that take long. It prints
 * {@link #WORKING} when they do.
 */
final class NativeWork {
    static final String WORKING = "working";
    /** Status of the program if it is to end by itself. */
    static final int STATUS = 7;
    /** Argument of a program that ends by itself while its threads compute. */
    static final String ENDS = "ends";

    private static final int THREADS = 3;
    private static final int WIDTH = 32;
    private static final int LAYERS = 400;

    private NativeWork() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        File deleted = new File(arguments[0]);
        if (!deleted.createNewFile()) {
            throw new IllegalStateException(deleted + " exists.");
        }
        deleted.deleteOnExit();
        Shutdown.Step _ = Shutdown.step(() -> System.out.println("second step"));
        Shutdown.Step removed = Shutdown.step(() -> System.out.println("removed step"));
        Shutdown.Step _ = Shutdown.step(() -> System.out.println("first step"));
        removed.close();
        CountDownLatch working = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().daemon().start(() -> work(working));
        }
        working.await();
        System.out.println(WORKING);
        if (arguments.length > 1 && arguments[1].equals(ENDS)) {
            System.exit(STATUS);
        }
        new CountDownLatch(1).await();
    }

    private static void work(CountDownLatch working) {
        try (NDManager scope = Torch.scope()) {
            NDArray x = Torch.leaf(scope.ones(new Shape(WIDTH, WIDTH)).div(WIDTH));
            Torch.recording(() -> {
                NDArray y = x;
                for (int i = 0; i < LAYERS; i++) {
                    y = Torch.gelu(y.matMul(x));
                }
                NDArray gradient = Torch.gradientWithGraph(y.square().sum(), x);
                NDArray direction = scope.ones(gradient.getShape());
                while (true) {
                    try (NDList _ = Torch.products(gradient, List.of(x), direction)) {
                        working.countDown();
                    }
                }
            });
        }
    }
}
