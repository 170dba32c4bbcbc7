package dev.ttrpc.calls;

import static dev.ttrpc.calls.ClientWire.ND;
import static dev.ttrpc.calls.ClientWire.RC;
import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.RESPONSE;
import static dev.ttrpc.calls.RawClient.text;
import static dev.ttrpc.calls.RawServer.frame;
import static dev.ttrpc.calls.RawServer.responseBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.calls.ClientApi.Outcome;
import dev.ttrpc.calls.ClientApi.TestCall;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.testing.BlockingCheck;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** However the answers of a server are cut into reads, they mean the same. */
@ParameterizedClass(name = "{0}")
@EnumSource(ClientApi.class)
@Timeout(120)
@ExtendWith(BlockingCheck.class)
class ClientSplitsTests {
    private static final int LIMIT = 4096;
    private static final byte[] NOTHING = {};
    private static final List<MethodDescriptor<String, String>> CALLS =
            List.of(Texts.ECHO, Texts.ECHO, Texts.ECHO, Texts.SPLIT, Texts.SPLIT, Texts.JOIN, Texts.JOIN, Texts.CHAT);
    private static final String[] OUTCOMES = {
        "[hi] OK",
        "[\"\"] OK",
        "[] INTERNAL: unexpected \"request\" message received: protocol error",
        "[a, \"\", b] OK",
        "[c] ABORTED: no",
        "[joined] OK",
        "[] INTERNAL: received data from non-streaming server: protocol error",
        "[d, e] OK"
    };

    @Parameter
    ClientApi api;

    private LocalPeer peer;
    private TtrpcChannel channel;
    private LocalPeer.Connection connection;

    @BeforeEach
    void connect() throws Exception {
        peer = new LocalPeer();
        channel = TtrpcChannel.builder()
                .address(LocalPeer.ADDRESS)
                .resources(peer.resources)
                .maxMessageSize(LIMIT)
                .receiveBudget(1 << 20)
                .build();
        reconnect();
    }

    private void reconnect() throws Exception {
        channel.connect();
        connection = peer.accept();
    }

    @AfterEach
    void close() {
        channel.close();
        peer.close();
    }

    /** Answers to {@link #CALLS}, whose ids begin with {@code first}, frames of the calls among each other, and some that are dropped. */
    private static byte[] script(int first) {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes(frame(first + 6, DATA, 0, text("a")));
        script.writeBytes(frame(first, RESPONSE, 0, responseBody(0, "", "hi")));
        script.writeBytes(frame(first + 14, DATA, 0, text("d")));
        script.writeBytes(frame(first + 2, RESPONSE, 0, NOTHING));
        script.writeBytes(frame(first + 6, DATA, 0, NOTHING));
        script.writeBytes(frame(first, RESPONSE, 0, responseBody(0, "", "twice")));
        script.writeBytes(frame(first + 4, REQUEST, 0, text("x")));
        script.writeBytes(frame(first + 8, DATA, 0, text("c")));
        script.writeBytes(frame(2, DATA, RC, text("nobody's")));
        script.writeBytes(frame(first + 6, DATA, RC, text("b")));
        script.writeBytes(frame(first + 10, RESPONSE, 0, responseBody(0, "", "joined")));
        script.writeBytes(frame(first + 8, RESPONSE, 0, responseBody(10, "no", "")));
        script.writeBytes(frame(first + 12, DATA, 0, text("x")));
        script.writeBytes(frame(first + 14, DATA, 0, text("e")));
        script.writeBytes(frame(first + 14, DATA, RC | ND, NOTHING));
        return script.toByteArray();
    }

    /** Where to cut a script of a length. */
    @FunctionalInterface
    private interface Cuts {
        List<Integer> of(int length);
    }

    private void play(Cuts cuts) throws Exception {
        List<TestCall> calls = new ArrayList<>();
        int first = 0;
        for (MethodDescriptor<String, String> method : CALLS) {
            calls.add(api.start(channel, method, "x", CallOptions.DEFAULT));
            int id = connection.read().id();
            first = calls.size() == 1 ? id : first;
        }
        byte[] script = script(first);
        int from = 0;
        for (int to : cuts.of(script.length)) {
            connection.write(script, from, to);
            from = to;
        }
        connection.write(script, from, script.length);
        for (int i = 0; i < OUTCOMES.length; i++) {
            assertThat(calls.get(i).outcome())
                    .as(cuts.of(script.length).size() == 1 ? "cut at " + cuts.of(script.length) : "call " + i)
                    .hasToString(OUTCOMES[i]);
        }
    }

    @Test
    void answersInOnePiece() throws Exception {
        play(length -> List.of());
    }

    @Test
    void answersCutAtEachByte() throws Exception {
        int length = script(1).length;
        for (int cut = 1; cut < length; cut++) {
            int at = cut;
            play(ignored -> List.of(at));
        }
    }

    @Test
    void answersByteByByte() throws Exception {
        play(length -> {
            List<Integer> all = new ArrayList<>();
            for (int i = 1; i < length; i++) {
                all.add(i);
            }
            return all;
        });
    }

    @Test
    void oversizedFrameCutAtEachByteOfItsHeaderAndSomeOfItsBody() throws Exception {
        int length = 10 + LIMIT + 1;
        for (int cut = 1; cut < length; cut += cut < 20 ? 1 : 97) {
            TestCall call = api.start(channel, Texts.SPLIT, "x", CallOptions.DEFAULT);
            int id = connection.read().id();
            ByteArrayOutputStream script = new ByteArrayOutputStream();
            script.writeBytes(frame(id, DATA, 0, new byte[LIMIT + 1]));
            script.writeBytes(frame(id, DATA, RC | ND, NOTHING));
            connection.write(script.toByteArray(), 0, cut);
            connection.write(script.toByteArray(), cut, script.size());
            assertThat(call.outcome())
                    .hasToString("[] RESOURCE_EXHAUSTED: message length 4097 exceed maximum message size of 4096");
        }
    }

    @Test
    void connectionThatEndsAtEachByteHasDeliveredEachWholeFrame() throws Exception {
        int frames = 4;
        for (int end = 0; end < frames * 12; end++) {
            TestCall call = api.start(channel, Texts.CHAT, "x", CallOptions.DEFAULT);
            int id = connection.read().id();
            ByteArrayOutputStream script = new ByteArrayOutputStream();
            for (int i = 0; i < frames; i++) {
                script.writeBytes(frame(id, DATA, 0, text("m" + i)));
            }
            connection.write(script.toByteArray(), 0, end);
            connection.disconnect();
            Outcome outcome = call.outcome();
            assertThat(outcome.messages()).as("end at " + end).hasSize(end / 12);
            assertThat(outcome.failure()).isInstanceOf(ConnectionLostException.class);
            reconnect();
        }
    }
}
