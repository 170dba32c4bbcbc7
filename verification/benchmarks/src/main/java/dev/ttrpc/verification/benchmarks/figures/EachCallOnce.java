package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Counted;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Many connections with many calls on each, by our client. */
final class EachCallOnce implements Figure {
    private static final int PAYLOAD = 64;
    private static final long PATIENCE_SECONDS = 240;

    @Override
    public String name() {
        return "calls-100x50x200";
    }

    @Override
    public String shows() {
        return "100 connections with 50 calls at once on each, 200 times: nothing lost, nothing twice";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int connections = scale.of(100, 10);
        int slots = scale.of(50, 10);
        int rounds = scale.of(200, 20);
        int calls = connections * slots * rounds;
        Counted answers = new Counted(calls);
        LongAdder wrong = new LongAdder();
        long unasked; // a second answer is a frame for a call that has ended
        CountDownLatch done = new CountDownLatch(connections * slots);
        List<TtrpcChannel> channels = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start()) {
            long start = System.nanoTime();
            try {
                for (int i = 0; i < connections; i++) {
                    channels.add(TtrpcChannel.to(server.unix()));
                }
                for (int slot = 0; slot < connections * slots; slot++) {
                    LoadMethods methods = LoadMethods.BOTH.get(slot % 2);
                    new Slot(channels.get(slot / slots), methods, slot * rounds, rounds, answers, wrong, done).next();
                }
                if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException(done.getCount() + " callers have not got all their answers");
                }
                unasked = channels.stream()
                        .mapToLong(channel -> channel.statistics().droppedFrames())
                        .sum();
            } finally {
                channels.forEach(TtrpcChannel::close);
            }
            Footprint footprint = server.glance();
            measures.exactly("answers", answers.total(), calls);
            measures.exactly("answers that came twice", answers.twice() + unasked, 0);
            measures.exactly("answers that were wrong or failures", wrong.sum(), 0);
            measures.exactly("calls handled", footprint.get(Footprint.ECHOES), calls);
            measures.exactly("calls handled twice", footprint.get(Footprint.TWICE), 0);
            measures.note(calls * 1_000_000_000L / (System.nanoTime() - start) + " calls/s");
        }
    }

    /** Makes one call after the other. */
    private static final class Slot {
        private final TtrpcChannel channel;
        private final LoadMethods methods;
        private final Counted answers;
        private final LongAdder wrong;
        private final CountDownLatch done;
        private final int end;
        private int number;

        Slot(
                TtrpcChannel channel,
                LoadMethods methods,
                int first,
                int rounds,
                Counted answers,
                LongAdder wrong,
                CountDownLatch done) {
            this.channel = channel;
            this.methods = methods;
            this.number = first;
            this.end = first + rounds;
            this.answers = answers;
            this.wrong = wrong;
            this.done = done;
        }

        void next() {
            int asked = number++;
            channel.unaryAsync(methods.echo(), Payloads.message(asked, PAYLOAD), CallOptions.DEFAULT)
                    .whenComplete((answer, failure) -> answered(asked, answer, failure));
        }

        private void answered(int asked, LoadMessage answer, Throwable failure) {
            if (failure == null
                    && answer.getNumber() == asked
                    && answer.getPayload().size() == PAYLOAD) {
                answers.count(asked);
            } else {
                wrong.increment();
            }
            if (number < end) {
                next();
            } else {
                done.countDown();
            }
        }
    }
}
