package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.verification.benchmarks.load.Counted;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many connections with one call on each, as raw frames, so that a second answer would be seen. */
final class ManyConnections implements Figure {
    private static final int PAYLOAD = 64;

    @Override
    public String name() {
        return "calls-2000x1";
    }

    @Override
    public String shows() {
        return "2,000 connections at once with a call on each: one answer on each, and nothing behind it";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int connections = scale.of(2_000, 200);
        Counted answers = new Counted(connections);
        int surplus = 0;
        List<RawPeer> peers = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start()) {
            try {
                for (int i = 0; i < connections; i++) {
                    RawPeer peer = RawPeer.connect(server.unix());
                    peers.add(peer);
                    peer.write(RawFrames.request(
                            2 * i + 1, LoadMethods.BOTH.get(i % 2).echo(), Payloads.message(i, PAYLOAD), 0));
                }
                for (int i = 0; i < connections; i++) {
                    Received answer = peers.get(i).read();
                    if (answer == null
                            || answer.id() != 2 * i + 1
                            || answer.type() != RawFrames.RESPONSE
                            || answer.code() != 0) {
                        throw new IOException("connection " + i + " got " + answer);
                    }
                    answers.count(i);
                }
                measures.exactly("connections at once", server.glance().get(Footprint.CONNECTIONS), connections);
                for (RawPeer peer : peers) {
                    peer.endOutput();
                    surplus += peer.read() == null ? 0 : 1;
                }
            } finally {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
            Footprint footprint = server.glance();
            measures.exactly("answers", answers.total(), connections);
            measures.exactly("frames behind an answer", surplus, 0);
            measures.exactly("calls handled", footprint.get(Footprint.ECHOES), connections);
            measures.exactly("calls handled twice", footprint.get(Footprint.TWICE), 0);
        }
    }
}
