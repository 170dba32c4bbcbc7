package dev.ttrpc.verification.benchmarks.soak;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import dev.ttrpc.verification.benchmarks.load.RawFrames.Received;
import dev.ttrpc.verification.benchmarks.load.RawPeer;
import dev.ttrpc.verification.benchmarks.load.Tally;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What hostile peers do, one connection at a time. For one thread. */
final class Attacks {
    private static final int RANDOM_BYTES = 100 << 10;
    private static final int FRAMES = 40;
    private static final int LARGEST = 32 << 10;
    private static final int OVERSIZE = 5 << 20;
    private static final int STALLED = 64 << 10;
    /** 32 MiB, twice the budget. */
    private static final int STALLED_MESSAGES = 512;

    private static final int SLOW_READS = 100;
    private static final long HANG_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final String address;
    private final Random random;
    private final List<Attack> attacks = List.of(
            new Attack("random-bytes", this::randomBytes),
            new Attack("random-frames", this::randomFrames),
            new Attack("bent-frames", this::bentFrames),
            new Attack("cut-frame", this::cutFrame),
            new Attack("slow-reader", this::slowReader),
            new Attack("never-reads", this::neverReads),
            new Attack("oversize", this::oversize));

    private record Attack(String name, Body body) {}

    @FunctionalInterface
    private interface Body {
        void run(RawPeer peer) throws IOException;
    }

    Attacks(String address, Random random) {
        this.address = address;
        this.random = random;
    }

    /** Attacks once. That the server ends the connection is no failure; what it must answer and does not is. */
    void run(Tally tally) {
        Attack attack = attacks.get(random.nextInt(attacks.size()));
        run(attack, tally);
    }

    /** Sends one stream more than a connection may hold and nobody takes, which must fail it. */
    void stall(Tally tally) {
        run(new Attack("stalled-stream", this::stalledStream), tally);
    }

    private void run(Attack attack, Tally tally) {
        RawPeer peer;
        try {
            peer = RawPeer.connect(address);
        } catch (IOException e) {
            tally.failed("connecting to " + address, e);
            return;
        }
        try (peer) {
            if (random.nextInt(4) == 0) {
                peer.resetOnClose();
            }
            attack.body().run(peer);
            tally.done(attack.name());
        } catch (IOException e) {
            tally.done(attack.name() + "-disconnected");
        } catch (RuntimeException | AssertionError e) {
            tally.failed(attack.name() + " on " + address, e);
        }
    }

    private void randomBytes(RawPeer peer) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(RANDOM_BYTES)];
        random.nextBytes(bytes);
        if (random.nextInt(4) > 0) {
            bytes[0] = 0; // a length that is no reason to close
        }
        peer.offer(ByteBuffer.wrap(bytes));
        pause();
    }

    private void randomFrames(RawPeer peer) throws IOException {
        for (int i = random.nextInt(FRAMES); i > 0; i--) {
            byte[] body = new byte[random.nextInt(1 + random.nextInt(LARGEST))];
            random.nextBytes(body);
            peer.offer(RawFrames.frame(random.nextInt(16), random.nextInt(6), random.nextInt(16), body));
        }
        pause();
    }

    private void bentFrames(RawPeer peer) throws IOException {
        for (int i = 0; i < random.nextInt(FRAMES); i++) {
            ByteBuffer frame = random.nextInt(3) > 0 ? request(2 * i + 1) : data(2 * random.nextInt(i + 1) + 1);
            byte[] bytes = frame.array();
            for (int bent = random.nextInt(4); bent > 0; bent--) {
                bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
            }
            peer.offer(frame);
        }
        pause();
    }

    private void cutFrame(RawPeer peer) throws IOException {
        ByteBuffer frame = request(1);
        frame.limit(1 + random.nextInt(frame.limit() - 1));
        peer.write(frame);
        if (random.nextBoolean()) {
            peer.endOutput();
        }
    }

    private void slowReader(RawPeer peer) throws IOException {
        peer.write(download());
        for (int i = 0; i < SLOW_READS && peer.readSome(1 + random.nextInt(LARGEST)) >= 0; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void neverReads(RawPeer peer) throws IOException {
        for (int i = 0; i < 8; i++) {
            peer.write(RawFrames.request(
                    2 * i + 1,
                    either().echo(),
                    LoadMessage.newBuilder().setSize(Payloads.LARGEST).build(),
                    0));
        }
        LockSupport.parkNanos(HANG_NANOS);
    }

    private void oversize(RawPeer peer) throws IOException {
        peer.write(RawFrames.header(OVERSIZE, 1, RawFrames.REQUEST, 0, 0).flip());
        if (random.nextBoolean()) {
            peer.write(ByteBuffer.wrap(new byte[random.nextInt(OVERSIZE)]));
            return;
        }
        peer.write(ByteBuffer.wrap(new byte[OVERSIZE]));
        expect(peer, StatusCode.RESOURCE_EXHAUSTED, "exceed maximum message size");
    }

    private void stalledStream(RawPeer peer) throws IOException {
        peer.write(RawFrames.request(1, either().stall(), LoadMessage.getDefaultInstance(), 0));
        byte[] message = Payloads.message(0, STALLED).toByteArray();
        for (int i = 0; i < STALLED_MESSAGES; i++) {
            peer.write(RawFrames.frame(1, RawFrames.DATA, 0, message));
        }
        expect(peer, StatusCode.RESOURCE_EXHAUSTED, "stalled");
    }

    private static void expect(RawPeer peer, StatusCode code, String text) throws IOException {
        Received answer = peer.read();
        if (answer == null || answer.code() != code.value() || !answer.says(text)) {
            throw new AssertionError("expected " + code + " with the text " + text + ", got " + answer);
        }
    }

    private LoadMethods either() {
        return LoadMethods.BOTH.get(random.nextInt(2));
    }

    private ByteBuffer download() {
        LoadMessage request =
                LoadMessage.newBuilder().setCount(1024).setSize(LARGEST).build();
        return RawFrames.request(1, either().download(), request, 0);
    }

    private ByteBuffer request(int id) {
        LoadMethods methods = either();
        List<MethodDescriptor<LoadMessage, LoadMessage>> all = List.of(
                methods.echo(),
                methods.fail(),
                methods.hang(),
                methods.download(),
                methods.upload(),
                methods.stall(),
                methods.chat());
        LoadMessage message = Payloads.message(random.nextInt(), random.nextInt(LARGEST)).toBuilder()
                .setCount(random.nextInt(100))
                .setSize(random.nextInt(LARGEST))
                .build();
        return RawFrames.request(id, all.get(random.nextInt(all.size())), message, random.nextInt());
    }

    private ByteBuffer data(int id) {
        byte[] body =
                Payloads.message(random.nextInt(4), random.nextInt(LARGEST)).toByteArray();
        return RawFrames.frame(id, RawFrames.DATA, random.nextInt(8), body);
    }

    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20)));
    }
}
