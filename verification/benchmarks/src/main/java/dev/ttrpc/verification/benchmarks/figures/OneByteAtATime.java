package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Baseline;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.Latencies;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.SteadyCaller;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Peers that announce the largest request there may be, and then send it a byte at a time. */
final class OneByteAtATime implements Figure {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A byte in a tenth of a second instead of a second: what is measured is the same, in less time. */
    private static final long TICK_MILLIS = 100;
    /** The first buffer of a frame under way has 64 KiB; the rest is the connection. */
    private static final long LIMIT_OF_EACH = 96L << 10;
    /** The pool takes 4 MiB at once, for each event loop and some threads. */
    private static final long LIMIT_OF_POOL = 24L << 20;

    /** For the one who calls beside them. */
    private static final int THREADS_OF_OTHERS = 2;

    private static final double P99_MILLIS = 50;

    @Override
    public String name() {
        return "byte-a-second";
    }

    @Override
    public String shows() {
        return "500 peers send a byte each 100 ms (ten times as fast as one a second): each costs a connection, nothing else";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int count = scale.of(500, 50);
        int bytes = scale.of(100, 10);
        List<RawPeer> peers = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start();
                TtrpcChannel channel = TtrpcChannel.to(server.unix())) {
            SteadyCaller others = SteadyCaller.start(channel, 100, Duration.ofMillis(1));
            Baseline baseline = Baseline.of(server);
            Footprint during;
            Latencies latencies;
            try {
                for (int i = 0; i < count; i++) {
                    peers.add(RawPeer.connect(server.unix()));
                }
                byte[] request = RawFrames.request(
                                1, LoadMethods.BLOCKING.echo(), Payloads.message(1, Payloads.LARGEST), 0)
                        .array();
                for (int i = 0; i < bytes; i++) {
                    for (RawPeer peer : peers) {
                        peer.write(ByteBuffer.wrap(request, i, 1));
                    }
                    TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                }
                during = server.measure();
                latencies = others.end(PATIENCE);
            } finally {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
            Footprint before = baseline.before();
            measures.exactly("connections", during.get(Footprint.CONNECTIONS), count + 1);
            measures.exactly(
                    "descriptors more", during.get(Footprint.DESCRIPTORS) - before.get(Footprint.DESCRIPTORS), count);
            measures.atMost(
                    "threads more", during.get(Footprint.THREADS) - before.get(Footprint.THREADS), THREADS_OF_OTHERS);
            measures.bytesBelow("memory", during.memory() - before.memory(), LIMIT_OF_POOL + count * LIMIT_OF_EACH);
            measures.below(
                    "p99 of " + latencies.count() + " other calls",
                    latencies.p99Millis(),
                    scale.limitMillis(P99_MILLIS));
            measures.nothing("left behind them", baseline.awaitReturn(PATIENCE));
        }
    }
}
