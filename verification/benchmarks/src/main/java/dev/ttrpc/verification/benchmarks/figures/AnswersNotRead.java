package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.Latencies;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.SteadyCaller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A peer that asks for 1 GiB of answers and never reads: as many unary calls, and as one stream. */
final class AnswersNotRead implements Figure {
    private static final long LIMIT = 64L << 20;
    private static final int LARGE = (4 << 20) - 1024;
    private static final int PART = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "answers-not-read";
    }

    @Override
    public String shows() {
        return "a peer asks for 1 GiB of answers and never reads: the server's memory grows by less than 64 MiB";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int parts = scale.of(1024, 128);
        Duration watched = Duration.ofSeconds(scale.of(5, 1));
        try (ServerProcess server = ServerProcess.start()) {
            for (LoadMethods methods : LoadMethods.BOTH) {
                String by = methods.service().substring(methods.service().lastIndexOf('.') + 1);
                one(server, "unary answers of " + by, unaryCalls(methods, parts / 4), watched, measures);
                LoadMessage request = ask(parts, PART);
                one(
                        server,
                        "stream of " + by,
                        List.of(RawFrames.request(1, methods.download(), request, 0)),
                        watched,
                        measures);
            }
        }
    }

    private static LoadMessage ask(int count, int size) {
        return LoadMessage.newBuilder()
                .setNumber(0)
                .setCount(count)
                .setSize(size)
                .build();
    }

    private static List<ByteBuffer> unaryCalls(LoadMethods methods, int calls) {
        List<ByteBuffer> frames = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            frames.add(RawFrames.request(2 * i + 1, methods.echo(), ask(0, LARGE), 0));
        }
        return frames;
    }

    private static void one(
            ServerProcess server, String what, List<ByteBuffer> requests, Duration duration, Measures measures)
            throws Exception {
        try (TtrpcChannel channel = TtrpcChannel.to(server.unix())) {
            SteadyCaller others = SteadyCaller.start(channel, 1, Duration.ofMillis(1));
            Peak peak = Peak.of(server);
            try (RawPeer peer = RawPeer.connect(server.unix())) {
                peer.write(joined(requests));
                peak.watch(duration);
                measures.bytesBelow("memory for " + what, peak.memory(), LIMIT);
                measures.note(peak.calls() + " calls live");
            }
            Latencies latencies = others.end(PATIENCE);
            measures.note(String.format(Locale.ROOT, "calls beside it p99 %.1f ms", latencies.p99Millis()));
        }
        awaitNoCalls(server);
    }

    /** So that the server reads all of them at once, and starts what it starts before it could notice. */
    private static ByteBuffer joined(List<ByteBuffer> frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frames.forEach(frame -> bytes.writeBytes(frame.array()));
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static void awaitNoCalls(ServerProcess server) throws IOException, InterruptedException {
        Await.until(
                "the end of the calls",
                PATIENCE,
                () -> server.measure().get(Footprint.CALLS) == 0
                        && server.glance().get(Footprint.CONNECTIONS) == 0
                        && server.glance().get(Footprint.HANDLERS) == 0);
    }
}
