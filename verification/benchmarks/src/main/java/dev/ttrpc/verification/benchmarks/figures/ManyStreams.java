package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A peer that opens streams and neither uses nor ends them. */
final class ManyStreams implements Figure {
    private static final long LIMIT = 64L << 20;
    /** The server's default. */
    private static final int CALLS_OF_A_CONNECTION = 4096;

    private static final int HANDLER_THREADS = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "streams-100000";
    }

    @Override
    public String shows() {
        return "a peer opens 100,000 streams: 4,096 live, each other one is refused with the limit's answer";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int streams = scale.of(100_000, 10_000);
        try (ServerProcess server = ServerProcess.start()) {
            for (LoadMethods methods : LoadMethods.BOTH) {
                one(server, methods.chat(), streams, measures);
                one(server, methods.stall(), streams, measures);
            }
        }
    }

    private static void one(
            ServerProcess server, MethodDescriptor<LoadMessage, LoadMessage> method, int streams, Measures measures)
            throws Exception {
        int refused = streams - CALLS_OF_A_CONNECTION;
        Peak peak = Peak.of(server);
        try (RawPeer peer = RawPeer.connect(server.unix())) {
            FutureTask<Integer> answers = new FutureTask<>(() -> readRefusals(peer, refused));
            Thread reader = new Thread(answers, "reader");
            reader.setDaemon(true);
            reader.start();
            for (int i = 0; i < streams; i++) {
                ByteBuffer request = RawFrames.request(2 * i + 1, method, LoadMessage.getDefaultInstance(), 0);
                peer.write(request);
                if (i % 20_000 == 0) {
                    peak.look();
                }
            }
            int counted = answers.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            peak.look();
            measures.exactly("refused of " + method, counted, refused);
            measures.exactly("live", server.glance().get(Footprint.CALLS), CALLS_OF_A_CONNECTION);
            measures.bytesBelow("memory", peak.memory(), LIMIT);
            measures.atMost("threads more", peak.threads(), HANDLER_THREADS + 2);
        }
        Await.until(
                "the end of the streams",
                PATIENCE,
                () -> server.measure().get(Footprint.CALLS) == 0
                        && server.glance().get(Footprint.HANDLERS) == 0);
    }

    private static int readRefusals(RawPeer peer, int expected) throws IOException {
        BitSet seen = new BitSet();
        for (int i = 0; i < expected; i++) {
            Received answer = peer.read();
            if (answer == null
                    || answer.code() != StatusCode.RESOURCE_EXHAUSTED.value()
                    || !answer.says("too many concurrent calls")) {
                throw new IOException("a stream over the limit got " + answer);
            }
            seen.set(answer.id());
        }
        return seen.cardinality();
    }
}
