package dev.ttrpc.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.testing.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Frames as Go's implementation puts them on the wire: decoded, and encoded byte for byte. */
class GoldenFramesTests {
    private static final Map<String, String> GOLDEN = read();
    private static final byte[] K = {0x0a, 0x01, 'k'};

    /** Bytes as messages. */
    @Test
    void thereAreAsManyAsGoGave() {
        assertThat(GOLDEN).hasSize(11);
    }

    @Test
    void unaryRequest() throws Exception {
        Decoded frame = decode("unary-request");
        assertThat(frame.header).isEqualTo("1 1 0");
        assertThat(frame.request()).isEqualTo("ttrpc.example.v1.Example/Method1 0a016b 0 {}");
        assertEncodes(
                "unary-request",
                out -> FrameEncoder.writeRequest(
                        out, 1, 0, parts("ttrpc.example.v1.Example", "Method1", Metadata.EMPTY, K), 0));
    }

    @Test
    void requestWithTimeoutAndMetadata() throws Exception {
        Decoded frame = decode("unary-timeout-metadata");
        assertThat(frame.header).isEqualTo("3 1 0");
        assertThat(frame.request()).isEqualTo("S/M 0a016b 5000000000 {e=, foo=1,2}");
        Metadata metadata =
                Metadata.builder().add("foo", "1").add("Foo", "2").add("e", "").build();
        assertEncodes(
                "unary-timeout-metadata",
                out -> FrameEncoder.writeRequest(out, 3, 0, parts("S", "M", metadata, K), 5_000_000_000L));
    }

    @Test
    void expiredRequest() throws Exception {
        Decoded frame = decode("unary-expired");
        assertThat(frame.header).isEqualTo("5 1 0");
        assertThat(frame.request()).isEqualTo("S/M  -1 {}");
    }

    @Test
    void responseWithMessage() throws Exception {
        Decoded frame = decode("response-ok");
        assertThat(frame.header).isEqualTo("1 2 0");
        assertThat(frame.response()).isEqualTo("OK 0a016b");
        assertEncodes("response-ok", out -> FrameEncoder.writeResponse(out, 1, Bytes.INSTANCE, K, K.length));
    }

    @Test
    void responseWithEmptyMessage() throws Exception {
        assertThat(decode("response-ok-empty").response()).isEqualTo("OK ");
        assertEncodes("response-ok-empty", out -> FrameEncoder.writeResponse(out, 1, Bytes.INSTANCE, new byte[0], 0));
    }

    @Test
    void responseWithError() throws Exception {
        assertThat(decode("response-unimplemented").response()).isEqualTo("UNIMPLEMENTED: service Not ");
        assertEncodes(
                "response-unimplemented",
                out -> FrameEncoder.writeError(
                        out,
                        1,
                        FrameEncoder.errorBody(
                                Status.UNIMPLEMENTED.withDescription("service Not"), Wire.DEFAULT_MAX_MESSAGE)));
    }

    @Test
    void bidirectionalOpening() throws Exception {
        Decoded frame = decode("bidi-open");
        assertThat(frame.header).isEqualTo("1 1 2");
        assertThat(frame.request()).isEqualTo("S/Bidi  0 {}");
    }

    @Test
    void serverStreamOpening() throws Exception {
        Decoded frame = decode("server-stream-open");
        assertThat(frame.header).isEqualTo("1 1 1");
        assertThat(frame.request()).isEqualTo("S/Server 0a016b 0 {}");
        assertEncodes(
                "server-stream-open",
                out -> FrameEncoder.writeRequest(
                        out, 1, Wire.REMOTE_CLOSED, parts("S", "Server", Metadata.EMPTY, K), 0));
    }

    @Test
    void dataAndItsEnd() throws Exception {
        assertThat(decode("data").header).isEqualTo("1 3 0");
        assertThat(decode("data").body).isEqualTo("0a016b");
        assertEncodes("data", out -> FrameEncoder.writeData(out, 1, Bytes.INSTANCE, K, K.length));
        assertThat(decode("data-empty").body).isEmpty();
        assertEncodes("data-empty", out -> FrameEncoder.writeData(out, 1, Bytes.INSTANCE, new byte[0], 0));
        assertThat(decode("close").header).isEqualTo("1 3 5");
        assertEncodes("close", out -> FrameEncoder.writeClose(out, 1));
    }

    private static FrameEncoder.RequestParts<byte[]> parts(
            String service, String method, Metadata metadata, byte[] payload) {
        return new FrameEncoder.RequestParts<>(
                FrameEncoder.requestHead(MethodDescriptor.unary(service, method, Bytes.INSTANCE, Bytes.INSTANCE)),
                FrameEncoder.metadata(metadata),
                Bytes.INSTANCE,
                payload,
                payload.length);
    }

    private interface Encoding {
        void into(ByteBuf out) throws Exception;
    }

    private static void assertEncodes(String name, Encoding encoding) throws Exception {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.buffer();
        try {
            encoding.into(out);
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo(GOLDEN.get(name));
        } finally {
            out.release();
        }
    }

    private record Decoded(String header, String body) {
        String request() throws Exception {
            ByteBuf buffer = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(body));
            RequestEnvelope envelope = new RequestEnvelope(1024);
            envelope.parse(buffer, 0, buffer.readableBytes());
            Map<String, String> metadata = new TreeMap<>();
            envelope.metadata()
                    .keys()
                    .forEach(key -> metadata.put(
                            key, String.join(",", envelope.metadata().getAll(key))));
            return envelope.service(buffer) + "/" + envelope.method(buffer) + " "
                    + ByteBufUtil.hexDump(buffer, envelope.payloadIndex(), envelope.payloadLength()) + " "
                    + envelope.timeoutNano() + " " + metadata;
        }

        String response() throws Exception {
            ByteBuf buffer = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(body));
            ResponseEnvelope envelope = new ResponseEnvelope();
            envelope.parse(buffer, 0, buffer.readableBytes());
            return envelope.status() + " "
                    + ByteBufUtil.hexDump(buffer, envelope.payloadIndex(), envelope.payloadLength());
        }
    }

    private static Decoded decode(String name) {
        Frames frames = new Frames();
        FrameDecoder decoder = new FrameDecoder(Wire.DEFAULT_MAX_MESSAGE, frames);
        decoder.decode(
                Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(Objects.requireNonNull(GOLDEN.get(name)))),
                PooledByteBufAllocator.DEFAULT);
        assertThat(frames.found).hasSize(1);
        String[] parts = frames.found.get(0).split(" ", 4);
        return new Decoded(parts[0] + " " + parts[1] + " " + parts[2], parts[3]);
    }

    private static Map<String, String> read() {
        Map<String, String> frames = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(GoldenFramesTests.class.getResourceAsStream("/golden-frames.txt")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] parts = line.split("\\s+", 3);
                    frames.put(parts[0], parts[1]);
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return frames;
    }
}
