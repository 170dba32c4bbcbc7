package dev.ttrpc.verification.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a process held before something was done to it, and must hold afterwards. Counts are compared exactly; heap may differ by {@link #HEAP_NOISE},
 * because what the JVM itself remembers (compiled code's tables, interned texts) is in it too. Direct memory is judged by what buffers occupy: the
 * pool keeps its chunks.
 */
public final class Baseline {
    /** In bytes. */
    public static final long HEAP_NOISE = 4 << 20;

    private static final List<String> COUNTS = List.of(
            Footprint.CONNECTIONS,
            Footprint.CALLS,
            Footprint.HANDLERS,
            Footprint.PINNED,
            Footprint.THREADS,
            Footprint.DESCRIPTORS,
            Footprint.LEAKS);
    private static final long BETWEEN_LOOKS_MILLIS = 200;
    /** Longer than idle threads of the loaded server stay, and than the calls that were given up. */
    private static final Duration REST = Duration.ofMillis(3_500);

    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Observed process;
    private final Footprint before;
    private final Map<String, Long> objectsBefore;

    private Baseline(Observed process, Footprint before, Map<String, Long> objectsBefore) {
        this.process = process;
        this.before = before;
        this.objectsBefore = objectsBefore;
    }

    /** Takes the measures of a process that has been used before, so that all it makes once is made. */
    public static Baseline of(Observed process) throws IOException, InterruptedException {
        Map<String, Long> objects = process.objects();
        return new Baseline(process, process.measure(), objects);
    }

    /** The same, once threads that are idle have gone, so that the number of threads is that of a process at rest. */
    public static Baseline atRest(Observed process) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_REST.toNanos();
        long threads = Long.MAX_VALUE;
        long now = process.glance().get(Footprint.THREADS);
        while (now < threads && System.nanoTime() < end) {
            threads = now;
            TimeUnit.MILLISECONDS.sleep(REST.toMillis());
            now = process.glance().get(Footprint.THREADS);
        }
        return of(process);
    }

    public Footprint before() {
        return before;
    }

    /**
     * Waits until nothing is left of what came since.
     *
     * @return what still is when the time is over, a sentence each; empty where nothing is
     */
    public List<String> awaitReturn(Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        List<String> left = left();
        while (!left.isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
            left = left();
        }
        return left;
    }

    private List<String> left() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        process.objects().forEach((type, count) -> {
            long was = objectsBefore.getOrDefault(type, 0L);
            if (count > was && !type.endsWith("-lambda")) {
                left.add(process.name() + " holds " + count + " " + type + " instead of " + was);
            }
        });
        Footprint now = process.measure();
        for (String count : COUNTS) {
            if (before.values().containsKey(count) && now.get(count) > before.get(count)) {
                left.add(process.name() + " has " + count + " " + now.get(count) + " instead of " + before.get(count));
            }
        }
        if (now.get(Footprint.HEAP) > before.get(Footprint.HEAP) + HEAP_NOISE) {
            left.add(process.name() + " has a heap of " + now.get(Footprint.HEAP) + " bytes instead of "
                    + before.get(Footprint.HEAP));
        }
        return left;
    }
}
