package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.ND;
import static dev.ttrpc.calls.RawClient.RC;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawClient.RO;
import static dev.ttrpc.calls.RawClient.join;
import static dev.ttrpc.calls.RawClient.metadata;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static dev.ttrpc.calls.RawServer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.transport.ConnectCallback;
import dev.ttrpc.internal.transport.Transports;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.TransportResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A script of frames of every kind, cut at every byte (of a body of zeros at each 101st): what a server answers does not depend on the reads it came in. The bytes go through the whole server, over the transport
 * within the JVM, where each write is one read of the other end.
 */
@Timeout(120)
@ExtendWith(BlockingCheck.class)
class SplitFramesTests {
    private static final int LIMIT = 4096;
    private static final int IDS = 13; // of the script
    private static final int AFTERWARDS = 0;
    private static final byte[] NOTHING = new byte[0];

    private static final List<byte[]> SCRIPT = List.of(
            frame(1, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "hi", Long.MAX_VALUE)),
            frame(3, REQUEST, 0, join(requestBody(Texts.SERVICE, "Echo", "metadata k", 0), metadata("k", "v"))),
            frame(5, REQUEST, RC, requestBody(Texts.SERVICE, "Split", "a  b", 0)),
            frame(7, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Join", "", 0)),
            frame(9, REQUEST, RO, requestBody(Texts.SERVICE, "Chat", "first", 0)),
            frame(7, DATA, 0, text("a")),
            frame(9, DATA, 0, NOTHING),
            frame(7, DATA, ND, text("dropped")),
            frame(7, RESPONSE, 0, text("dropped")),
            frame(9, 9, 0, text("dropped")),
            frame(7, DATA, RC, text("last")),
            frame(9, DATA, RC | ND, text("dropped")),
            frame(11, REQUEST, 0, text("not a request")),
            frame(13, REQUEST, 0, requestBody("no.Such", "M", "", 0)),
            frame(15, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "unparsable", 0)),
            frame(17, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "", -1)),
            frame(19, DATA, 0, text("no call")),
            frame(21, REQUEST, 0, new byte[LIMIT + 1]),
            frame(2, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "even", 0)),
            frame(23, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0)),
            frame(23, REQUEST, RO | ND, NOTHING));

    @ParameterizedTest
    @EnumSource
    void scriptIsAnsweredTheSameWhereverItIsCut(Stack stack) throws Exception {
        byte[] script = join(SCRIPT.toArray(byte[][]::new));
        try (Wire wire = new Wire(stack)) {
            assertThat(wire.answers(script)).isEqualTo(EXPECTED);
            for (int cut = 1; cut < script.length; cut += isWithinZeros(script, cut) ? 101 : 1) {
                String answers = wire.answers(
                        Arrays.copyOfRange(script, 0, cut), Arrays.copyOfRange(script, cut, script.length));
                assertThat(answers).as("cut at %d", cut).isEqualTo(EXPECTED);
            }
        }
    }

    /** Whether the next bytes are of the body that is thrown away, which is the same at each. */
    private static boolean isWithinZeros(byte[] script, int at) {
        return Arrays.equals(script, at - 1, Math.min(script.length, at + 101), new byte[102], 0, 102);
    }

    @ParameterizedTest
    @EnumSource
    void scriptIsAnsweredTheSameByteByByteAndFrameByFrame(Stack stack) throws Exception {
        byte[] script = join(SCRIPT.toArray(byte[][]::new));
        byte[][] bytes = new byte[script.length][];
        for (int i = 0; i < script.length; i++) {
            bytes[i] = new byte[] {script[i]};
        }
        try (Wire wire = new Wire(stack)) {
            assertThat(wire.answers(bytes)).isEqualTo(EXPECTED);
            assertThat(wire.answers(SCRIPT.toArray(byte[][]::new))).isEqualTo(EXPECTED);
        }
    }

    private static final String EXPECTED = """
            1 Response 0 hi
            2 Response 0 INVALID_ARGUMENT StreamID must be odd for client initiated streams
            3 Response 0 v
            5 Data 0 a
            5 Data 0
            5 Data 0 b
            5 Data 5
            7 Response 0 a last
            9 Data 0 first
            9 Data 0
            9 Data 5
            11 Response 0 INVALID_ARGUMENT unmarshal request error: invalid wire type 6
            13 Response 0 UNIMPLEMENTED service no.Such
            15 Response 0 INTERNAL ttrpc: error unmarshalling payload: not a text
            17 Response 0 DEADLINE_EXCEEDED context deadline exceeded
            19 Response 0 INVALID_ARGUMENT StreamID is no longer active
            21 Response 0 RESOURCE_EXHAUSTED message length 4097 exceed maximum message size of 4096
            23 Response 0 INVALID_ARGUMENT StreamID cannot be re-used and must increment
            """;

    /** A server, and connections to it that write pieces. */
    private static final class Wire implements AutoCloseable {
        private static final TtrpcAddress ADDRESS = TtrpcAddress.parse("in-process:split-frames");

        private final Transports transports = Transports.of(TransportResources.shared());
        private final EventLoop loop = transports.nextEventLoop(ADDRESS);
        private final TtrpcServer server;

        Wire(Stack stack) throws Exception {
            server = TtrpcServer.builder()
                    .listen(ADDRESS.toString())
                    .maxMessageSize(LIMIT)
                    .service(stack.texts())
                    .build()
                    .start();
        }

        /** What the server says, id by id, when the pieces come one by one on a new connection. */
        String answers(byte[]... pieces) throws Exception {
            Answers answers = new Answers();
            CompletableFuture<Channel> connected = new CompletableFuture<>();
            transports.connect(
                    ADDRESS,
                    loop,
                    TimeUnit.SECONDS.toNanos(10),
                    channel -> channel.pipeline().addLast(answers),
                    new ConnectCallback() {
                        @Override
                        public void connected(Channel channel) {
                            connected.complete(channel);
                        }

                        @Override
                        public void failed(Throwable cause) {
                            connected.completeExceptionally(cause);
                        }
                    });
            Channel channel = connected.get(10, TimeUnit.SECONDS);
            for (byte[] piece : pieces) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(piece));
            }
            answers.allEnded.get(10, TimeUnit.SECONDS);
            channel.writeAndFlush(Unpooled.wrappedBuffer(frame(AFTERWARDS, DATA, 0, NOTHING)));
            answers.nothingElse.get(10, TimeUnit.SECONDS);
            channel.close();
            return answers.frames.values().stream()
                    .flatMap(List::stream)
                    .map(frame -> frame + "\n")
                    .collect(Collectors.joining());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** Gathers frames by id, until each id of the script has its terminal frame. */
    private static final class Answers extends ChannelInboundHandlerAdapter {
        final Map<Integer, List<String>> frames = new TreeMap<>();
        final CompletableFuture<Void> allEnded = new CompletableFuture<>();
        final CompletableFuture<Void> nothingElse = new CompletableFuture<>();
        private final ByteBuf unread = Unpooled.buffer();
        private int ended;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf read = (ByteBuf) message;
            unread.writeBytes(read);
            read.release();
            while (unread.readableBytes() >= 10 && unread.readableBytes() - 10 >= unread.getInt(unread.readerIndex())) {
                byte[] body = new byte[unread.readInt()];
                RawClient.Frame frame = new RawClient.Frame(
                        unread.readInt(), unread.readUnsignedByte(), unread.readUnsignedByte(), body);
                unread.readBytes(body);
                if (frame.id() == AFTERWARDS) {
                    nothingElse.complete(null);
                    return;
                }
                frames.computeIfAbsent(frame.id(), id -> new ArrayList<>()).add(frame.words());
                if (frame.isTerminal() && ++ended == IDS) {
                    allEnded.complete(null);
                }
            }
        }
    }
}
