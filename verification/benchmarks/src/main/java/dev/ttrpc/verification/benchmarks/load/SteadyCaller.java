package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Somebody who does nothing but call, one small unary call after the other, while others do what they do. Each answer is checked. */
public final class SteadyCaller {
    private static final int SIZE = 64;
    private static final CallOptions OPTIONS = CallOptions.deadline(Duration.ofSeconds(30));

    private final TtrpcChannel channel;
    private final int atLeast;
    private final long pauseNanos;
    private final FutureTask<Latencies> task = new FutureTask<>(this::call);
    private volatile boolean enough; // set by whoever started it

    private SteadyCaller(TtrpcChannel channel, int atLeast, Duration pause) {
        this.channel = channel;
        this.atLeast = atLeast;
        this.pauseNanos = pause.toNanos();
    }

    /** Starts to call. A hundred calls are made before any is measured. */
    public static SteadyCaller start(TtrpcChannel channel, int atLeast, Duration pause) {
        SteadyCaller caller = new SteadyCaller(channel, atLeast, pause);
        for (int i = 0; i < 100; i++) {
            caller.callOnce(i);
        }
        Thread thread = new Thread(caller.task, "steady caller");
        thread.setDaemon(true);
        thread.start();
        return caller;
    }

    /** Makes what is left of the calls wanted, and ends. */
    public Latencies end(Duration patience) throws IOException, InterruptedException {
        enough = true;
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a call beside the load failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new IOException("the calls beside the load did not end within " + patience, e);
        }
    }

    private Latencies call() {
        Latencies latencies = new Latencies();
        while (!enough || latencies.count() < atLeast) {
            long start = System.nanoTime();
            callOnce(latencies.count());
            latencies.add(System.nanoTime() - start);
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
        return latencies;
    }

    private void callOnce(int number) {
        LoadMessage answer = channel.unary(LoadMethods.BLOCKING.echo(), Payloads.message(number, SIZE), OPTIONS);
        Payloads.check(answer, number, SIZE);
    }
}
