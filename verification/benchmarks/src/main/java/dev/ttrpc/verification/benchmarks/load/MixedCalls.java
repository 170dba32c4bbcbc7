package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.client.TtrpcChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Calls of all kinds to one address, by several threads over one connection, and further connections that come and go. */
public final class MixedCalls implements AutoCloseable {
    private static final int CALLERS = 3;
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    private final TtrpcChannel channel;
    private final Tally tally;
    private final Workers workers;

    public MixedCalls(String address, long seed, Tally tally) {
        this.channel = TtrpcChannel.to(address);
        this.tally = tally;
        List<Workers.Turn> turns = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            CallOnce calls = new CallOnce(channel, new Random(seed + i));
            turns.add(() -> calls.run(tally));
        }
        Restarts restarts = new Restarts(address, new Random(seed + CALLERS));
        turns.add(() -> restarts.run(tally));
        this.workers = new Workers("calls by " + address, turns, tally);
    }

    public void begin() {
        workers.begin();
    }

    public Tally tally() {
        return tally;
    }

    /** Lets the calls under way end, and closes the connection. */
    @Override
    public void close() throws InterruptedException {
        workers.close();
        long end = System.nanoTime() + TIME_TO_END.toNanos();
        while (channel.liveCalls() != 0 && System.nanoTime() < end) {
            Thread.sleep(1); // a caller that cancels or is interrupted goes on before the event loop has seen it
        }
        int left = channel.liveCalls();
        if (left != 0) {
            tally.failed(channel.address() + " at its end", new AssertionError(left + " calls live"));
        }
        channel.close();
    }
}
