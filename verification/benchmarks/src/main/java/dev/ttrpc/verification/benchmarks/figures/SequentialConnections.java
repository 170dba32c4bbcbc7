package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Baseline;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Observed;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.ThisProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One connection after the other: by our client, by raw peers, and by raw peers that leave in the middle of a frame. */
final class SequentialConnections implements Figure {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PAYLOAD = 64;

    @Override
    public String name() {
        return "connections-10000";
    }

    @Override
    public String shows() {
        return "10,000 connections, one after the other: descriptors, threads, objects and heap of both sides as before";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int connections = scale.of(10_000, 500);
        try (ServerProcess server = ServerProcess.start()) {
            connect(server, 200);
            Observed client = new ThisProcess();
            Baseline ofServer = Baseline.of(server);
            Baseline ofClient = Baseline.of(client);
            long served = server.glance().get(Footprint.ECHOES);
            connect(server, connections);
            measures.exactly("calls", server.glance().get(Footprint.ECHOES) - served, connections - connections / 4);
            measures.nothing("left in the server", ofServer.awaitReturn(PATIENCE));
            measures.nothing("left in the client", ofClient.awaitReturn(PATIENCE));
            long heap = server.measure().get(Footprint.HEAP) - ofServer.before().get(Footprint.HEAP);
            measures.note(heap / 1024 + " KiB more heap of the server, of which " + Baseline.HEAP_NOISE / 1024
                    + " count as noise");
        }
    }

    private static void connect(ServerProcess server, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            String address = i % 8 < 4 ? server.unix() : server.tcp();
            switch (i % 4) {
                case 0 -> leaveInTheMiddle(address);
                case 1 -> callRaw(address, i);
                default -> call(address, i);
            }
        }
    }

    private static void call(String address, int number) {
        try (TtrpcChannel channel = TtrpcChannel.to(address)) {
            LoadMessage answer = channel.unary(
                    LoadMethods.BOTH.get(number % 2).echo(), Payloads.message(number, PAYLOAD), CallOptions.DEFAULT);
            Payloads.check(answer, number, PAYLOAD);
        }
    }

    private static void callRaw(String address, int number) throws IOException {
        try (RawPeer peer = RawPeer.connect(address)) {
            peer.write(RawFrames.request(1, LoadMethods.ASYNC.echo(), Payloads.message(number, PAYLOAD), 0));
            Received answer = peer.read();
            if (answer == null || answer.code() != 0) {
                throw new IOException("connection " + number + " got " + answer);
            }
        }
    }

    private static void leaveInTheMiddle(String address) throws IOException {
        try (RawPeer peer = RawPeer.connect(address)) {
            byte[] frame = RawFrames.request(1, LoadMethods.BLOCKING.echo(), Payloads.message(1, PAYLOAD), 0)
                    .array();
            peer.write(ByteBuffer.wrap(frame, 0, frame.length / 2));
        }
    }
}
