package basin.network.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that pieces are taken and given in order and computed side by side. */
class WorkersTest {
    private static final int PIECES = 200;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void piecesAreTakenAndGivenInOrder(int threads) {
        List<Integer> taken = new ArrayList<>();
        List<Integer> given = new ArrayList<>();
        Workers.of(threads)
                .run(
                        PIECES,
                        number -> {
                            taken.add(number);
                            return number;
                        },
                        number -> 2 * number,
                        given::add);
        assertThat(taken)
                .containsExactlyElementsOf(IntStream.range(0, PIECES).boxed().toList());
        assertThat(given)
                .containsExactlyElementsOf(
                        IntStream.range(0, PIECES).map(i -> 2 * i).boxed().toList());
    }

    @Test
    void piecesAreComputedSideBySide() {
        // Each piece waits for the other, so one thread alone would not end.
        CountDownLatch both = new CountDownLatch(2);
        List<Integer> given = new ArrayList<>();
        Workers.of(2)
                .run(
                        2,
                        number -> number,
                        number -> {
                            both.countDown();
                            try {
                                both.await();
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                            return number;
                        },
                        given::add);
        assertThat(given).containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatFailsIsThrownAndNothingAfterItIsGiven(int threads) {
        List<Integer> given = new ArrayList<>();
        assertThatThrownBy(() -> Workers.of(threads)
                        .run(
                                PIECES,
                                number -> number,
                                number -> {
                                    if (number == 20) {
                                        throw new IllegalStateException("piece 20");
                                    }
                                    return number;
                                },
                                given::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("piece 20");
        assertThat(given).hasSizeLessThanOrEqualTo(20).isSorted();
    }

    @Test
    void helpersThatNeverComeOrAreRefusedAreNotWaitedFor() {
        for (boolean refuses : new boolean[] {false, true}) {
            AtomicInteger sum = new AtomicInteger();
            Workers.with(new Workers.Helpers() {
                        @Override
                        public int idle() {
                            return 4;
                        }

                        @Override
                        public boolean areWanted() {
                            return false;
                        }

                        @Override
                        public void execute(Runnable helper) {
                            if (refuses) {
                                throw new RejectedExecutionException();
                            }
                        }
                    })
                    .run(PIECES, number -> number, number -> number, sum::addAndGet);
            assertThat(sum.get()).isEqualTo(PIECES * (PIECES - 1) / 2);
        }
    }

    @Test
    void aHelperLeavesAfterItsPieceWhenOtherWorkWaits() throws InterruptedException {
        List<Thread> helpers = new ArrayList<>();
        AtomicInteger helped = new AtomicInteger();
        AtomicInteger all = new AtomicInteger();
        Thread caller = Thread.currentThread();
        Workers workers = Workers.with(new Workers.Helpers() {
            @Override
            public int idle() {
                return 1;
            }

            @Override
            public boolean areWanted() {
                return true;
            }

            @Override
            public void execute(Runnable helper) {
                Thread thread = new Thread(helper);
                helpers.add(thread);
                thread.start();
            }
        });
        workers.run(
                PIECES,
                number -> number,
                number -> {
                    if (!Thread.currentThread().equals(caller)) {
                        helped.incrementAndGet();
                    }
                    return number;
                },
                number -> all.incrementAndGet());
        for (Thread helper : helpers) {
            helper.join();
        }
        assertThat(all.get()).isEqualTo(PIECES);
        assertThat(helped.get()).isLessThanOrEqualTo(1);
    }

    @Test
    void helpersComputeOnTheCallersDevice() {
        List<String> devices = new ArrayList<>();
        try (Devices.Use _ = Devices.use(Devices.CPU)) {
            Workers.of(3).run(9, number -> number, number -> Devices.chosen(), devices::add);
        }
        assertThat(devices).hasSize(9).containsOnly(Devices.CPU);
    }
}
