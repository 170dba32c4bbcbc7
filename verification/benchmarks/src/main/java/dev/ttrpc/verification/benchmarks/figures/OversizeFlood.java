package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.StatusCode;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Baseline;
import dev.ttrpc.verification.benchmarks.load.Latencies;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.SteadyCaller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Frames of 15 MiB, announced on many connections, in part sent, and sent whole on some, where 4 MiB are allowed. */
final class OversizeFlood implements Figure {
    private static final int ANNOUNCED = 15 << 20;
    private static final int PART = 64 << 10;
    private static final int WHOLE_OF_A_CONNECTION = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Nothing of such a frame is kept; this is for a thousand connections and read buffers. */
    private static final long LIMIT = 32L << 20;

    private static final double P99_MILLIS = 50;

    @Override
    public String name() {
        return "oversize-flood";
    }

    @Override
    public String shows() {
        return "1,000 frames of 15 MiB are announced, 50 of them sent whole: no buffer grows, others are unaffected";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int announced = scale.of(950, 95);
        int senders = scale.of(5, 1);
        List<RawPeer> peers = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start();
                TtrpcChannel channel = TtrpcChannel.to(server.unix())) {
            SteadyCaller others = SteadyCaller.start(channel, 100, Duration.ofMillis(1));
            Baseline baseline = Baseline.of(server);
            Peak peak = Peak.of(server);
            int refused = 0;
            Latencies latencies;
            try {
                for (int i = 0; i < announced; i++) {
                    RawPeer peer = RawPeer.connect(server.unix());
                    peers.add(peer);
                    peer.write(header(1, PART).put(new byte[PART]).flip());
                }
                peak.glance();
                for (int i = 0; i < senders; i++) {
                    RawPeer peer = RawPeer.connect(server.unix());
                    peers.add(peer);
                    refused += sendWhole(peer, peak);
                }
                latencies = others.end(PATIENCE);
                peak.look();
            } finally {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
            measures.exactly("whole frames refused", refused, (long) senders * WHOLE_OF_A_CONNECTION);
            measures.bytesBelow("memory", peak.memory(), LIMIT);
            measures.below(
                    "p99 of " + latencies.count() + " other calls",
                    latencies.p99Millis(),
                    scale.limitMillis(P99_MILLIS));
            measures.nothing("left behind them", baseline.awaitReturn(PATIENCE));
        }
    }

    private static ByteBuffer header(int id, int room) {
        return RawFrames.header(ANNOUNCED, id, RawFrames.REQUEST, 0, room);
    }

    /** Sends frames that are too large, reads their answers, and then makes a call on the same connection. */
    private static int sendWhole(RawPeer peer, Peak peak) throws IOException, InterruptedException {
        byte[] body = new byte[ANNOUNCED];
        int refused = 0;
        for (int i = 0; i < WHOLE_OF_A_CONNECTION; i++) {
            int id = 2 * i + 1;
            peer.write(header(id, 0).flip());
            peer.write(ByteBuffer.wrap(body, 0, ANNOUNCED / 2));
            peak.glance();
            peer.write(ByteBuffer.wrap(body, ANNOUNCED / 2, ANNOUNCED - ANNOUNCED / 2));
            Received answer = peer.read();
            if (answer != null
                    && answer.id() == id
                    && answer.code() == StatusCode.RESOURCE_EXHAUSTED.value()
                    && answer.says("message length " + ANNOUNCED + " exceed maximum message size")) {
                refused++;
            }
        }
        int id = 2 * WHOLE_OF_A_CONNECTION + 1;
        peer.write(RawFrames.request(id, LoadMethods.BLOCKING.echo(), Payloads.message(1, 1), 0));
        Received answer = peer.read();
        if (answer == null || answer.id() != id || answer.code() != 0) {
            throw new IOException("the call behind frames that were too large got " + answer);
        }
        return refused;
    }
}
