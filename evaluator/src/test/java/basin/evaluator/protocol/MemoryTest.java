package basin.evaluator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests the cache's sharing between threads and its eviction. */
class MemoryTest {
    @Test
    void aValueIsMadeOnceHoweverManyAskForIt() throws Exception {
        Memory<String, Integer> memory = new Memory<>(2);
        AtomicInteger made = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> requested = new ArrayList<>();
            requested.add(threads.submit(() -> memory.get("key", () -> {
                begun.countDown();
                go.await();
                return made.incrementAndGet();
            })));
            begun.await();
            for (int i = 0; i < 3; i++) {
                requested.add(threads.submit(() -> memory.get("key", made::incrementAndGet)));
            }
            go.countDown();
            for (Future<Integer> one : requested) {
                assertThat(one.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void theLeastRecentlyUsedIsForgotten() throws Exception {
        Memory<String, Integer> memory = new Memory<>(2);
        AtomicInteger made = new AtomicInteger();
        memory.get("a", made::incrementAndGet);
        memory.get("b", made::incrementAndGet);
        memory.get("a", made::incrementAndGet);
        memory.get("c", made::incrementAndGet);
        assertThat(memory.get("a", made::incrementAndGet)).isEqualTo(1);
        assertThat(memory.get("b", made::incrementAndGet)).isEqualTo(4);
    }

    @Test
    void whatFailedIsMadeAnew() throws Exception {
        Memory<String, Integer> memory = new Memory<>(2);
        assertThatThrownBy(() -> memory.get("key", () -> {
                    throw new InterruptedException("closing");
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(memory.get("key", () -> 5)).isEqualTo(5);
    }
}
