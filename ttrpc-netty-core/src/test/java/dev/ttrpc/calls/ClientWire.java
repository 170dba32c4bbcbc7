package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.TtrpcChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A channel with a scripted server at the other end of its connection. */
final class ClientWire implements AutoCloseable {
    static final List<MethodDescriptor<String, String>> METHODS =
            List.of(Texts.ECHO, Texts.SPLIT, Texts.JOIN, Texts.CHAT);
    /** The unary method by which {@link #nothingWrittenAndAlive} looks at a connection; its calls are no part of {@link #end}. */
    static final MethodDescriptor<String, String> PROBE =
            MethodDescriptor.unary(Texts.SERVICE, "Probe", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    static final int RC = 1;
    static final int RO = 2;
    static final int ND = 4;

    final RawServer server = new RawServer();
    final TtrpcChannel channel;
    RawServer.Connection connection;
    private int lastId;
    private final BlockingQueue<CompletableFuture<Status>> begun = new LinkedBlockingQueue<>();
    private CompletableFuture<Status> end = new CompletableFuture<>();

    ClientWire() throws Exception {
        this(builder -> builder);
    }

    /** With the connection made. */
    ClientWire(UnaryOperator<TtrpcChannel.Builder> settings) throws Exception {
        channel = settings.apply(TtrpcChannel.builder().address(server.address()))
                .intercept((call, next) -> {
                    if (call.method() != PROBE) {
                        CompletableFuture<Status> end = new CompletableFuture<>();
                        call.onEnd(end::complete);
                        begun.add(end);
                    }
                    next.proceed(call);
                })
                .build();
        channel.connect();
        connection = server.accept();
    }

    ClientApi.TestCall call(ClientApi api, MethodDescriptor<String, String> method, String request)
            throws InterruptedException {
        return call(api, method, request, CallOptions.DEFAULT);
    }

    ClientApi.TestCall call(ClientApi api, MethodDescriptor<String, String> method, String request, CallOptions options)
            throws InterruptedException {
        try {
            return api.start(channel, method, request, options);
        } finally {
            if (method != PROBE) {
                end = Objects.requireNonNull(begun.poll(10, TimeUnit.SECONDS), "no call was begun");
            }
        }
    }

    /** Takes a Request off the wire and gives its id. */
    int opened() throws Exception {
        RawClient.Frame request = connection.read();
        assertThat(request.type()).as(text(request)).isEqualTo(RawClient.REQUEST);
        lastId = request.id();
        return lastId;
    }

    /** What {@link #opened} gave last. */
    int lastId() {
        return lastId;
    }

    /** The end of the call that was begun last, once it comes. */
    CompletableFuture<Status> ending() {
        return end;
    }

    /** How the call that was begun last ends, as its interceptors see it. */
    Status end() throws Exception {
        return end.get(10, TimeUnit.SECONDS);
    }

    /** Makes the next connection once the last one is gone. */
    void reconnect() throws Exception {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> channel.state() == ChannelState.IDLE);
        channel.connect();
        connection = server.accept();
    }

    /** Waits until the client knows that the call has ended, which was begun last. */
    void awaitEnd(ClientApi.TestCall call) throws Exception {
        if (call instanceof ClientApi.BlockingUpload upload) {
            upload.awaitEnd(); // for its interceptors a good end comes when the answer is taken
        } else {
            end();
        }
    }

    /** The next frame of the client: id, type, flags, body in hex. */
    String next() throws Exception {
        return text(connection.read());
    }

    static String text(RawClient.Frame frame) {
        return text(frame.id(), frame.type(), frame.flags(), frame.body());
    }

    static String text(int id, int type, int flags, byte[] body) {
        String name = type == RawClient.REQUEST ? "REQUEST" : type == RawClient.DATA ? "DATA" : "type " + type;
        return id + " " + name + " " + flags
                + (body.length == 0 ? "" : " " + HexFormat.of().formatHex(body));
    }

    /**
     * That the client has written nothing since the last frame read, and that its connection works: a unary call goes there and back.
     *
     * @return the id of that call
     */
    int nothingWrittenAndAlive() throws Exception {
        ClientApi.TestCall probe = call(ClientApi.ASYNC, PROBE, "?");
        RawClient.Frame request = connection.read();
        assertThat(fields(request)).as(text(request)).isEqualTo("test.Texts/Probe ?");
        connection.answer(request.id(), "alive");
        assertThat(probe.outcome()).hasToString("[alive] OK");
        return request.id();
    }

    /** What a Request says, for example {@code test.Texts/Echo payload 5000000000 [key=value]}; what is absent is left out. */
    static String fields(RawClient.Frame request) {
        if (request.type() != RawClient.REQUEST) {
            return "no Request";
        }
        ByteBuffer body = ByteBuffer.wrap(request.body());
        String[] names = new String[6];
        Arrays.fill(names, "");
        List<String> metadata = new ArrayList<>();
        while (body.hasRemaining()) {
            int tag = (int) varint(body);
            if (tag == (4 << 3)) {
                names[4] = " " + varint(body);
            } else if (tag == (5 << 3 | 2)) {
                ByteBuffer pair = bytes(body);
                String[] keyAndValue = {"", ""};
                while (pair.hasRemaining()) {
                    keyAndValue[(pair.get() >>> 3) - 1] = text(bytes(pair));
                }
                metadata.add(keyAndValue[0] + "=" + keyAndValue[1]);
            } else {
                names[tag >>> 3] = (tag >>> 3 == 3 ? " " : "") + text(bytes(body));
            }
        }
        return names[1] + "/" + names[2] + names[3] + names[4] + (metadata.isEmpty() ? "" : " " + metadata);
    }

    private static ByteBuffer bytes(ByteBuffer body) {
        int length = (int) varint(body);
        ByteBuffer bytes = body.slice(body.position(), length);
        body.position(body.position() + length);
        return bytes;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static long varint(ByteBuffer body) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = body.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() throws Exception {
        channel.close();
        server.close();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> channel.liveCalls() == 0);
    }
}
