package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.StatusCode;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A server of {@link Texts} and {@link HeldCalls} on each stack in turn, and one connection of a client that speaks bytes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Stack.class)
@Timeout(60)
@ExtendWith(BlockingCheck.class)
abstract class OnEveryStack {
    static final byte[] NOTHING = new byte[0];
    static final long SOON = Duration.ofMillis(20).toNanos();
    static final int RC = RawClient.RC;
    static final int RO = RawClient.RO;
    static final int ND = RawClient.ND;

    @Parameter
    Stack stack;

    final HeldCalls held = new HeldCalls();
    TtrpcServer server;
    RawClient client;

    @BeforeEach
    void start() throws Exception {
        open(TtrpcServer.builder());
    }

    /** Goes on with a server like that, and a new connection. */
    void serve(TtrpcServer.Builder builder) throws Exception {
        stop();
        open(builder);
    }

    private void open(TtrpcServer.Builder builder) throws Exception {
        server = builder.listen("tcp://127.0.0.1:0")
                .service(stack.texts(), held.service(stack))
                .build()
                .start();
        client = connect();
    }

    RawClient connect() throws IOException {
        return new RawClient(server.addresses().get(0));
    }

    void reconnect() throws IOException {
        client.close();
        client = connect();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        until(() -> server.liveCalls() == 0);
        held.release(server);
        server.close();
    }

    /** Opens a call whose handler waits for the test, and waits for the handler. */
    Held hold(int id, Kind kind) throws Exception {
        request(id, kind, "", 0);
        return held.next();
    }

    /** The same with a deadline soon, but not before the handler has begun. */
    Held holdUntilDeadline(int id, Kind kind, int flags) throws Exception {
        return held.nextUntilDeadline(client, id, kind, flags, SOON);
    }

    Held holdUntilDeadline(int id, Kind kind) throws Exception {
        return holdUntilDeadline(id, kind, kind.flags);
    }

    void request(int id, Kind kind, String payload, long timeoutNano) throws IOException {
        client.send(id, REQUEST, kind.flags, requestBody(HeldCalls.SERVICE, kind.method, payload, timeoutNano));
    }

    void answers(String... frames) throws IOException {
        for (String frame : frames) {
            assertThat(client.read().words()).isEqualTo(frame);
        }
    }

    /** One error, whose text begins so. */
    void fails(int id, StatusCode code, String text) throws IOException {
        assertThat(client.read().words()).startsWith(id + " Response 0 " + code + " " + text);
    }

    /** The server has read all that was sent and has no more to say: a frame that is refused at once is answered next. */
    void nothingMore() throws IOException {
        client.send(0, DATA, 0, NOTHING);
        answers("0 Response 0 INVALID_ARGUMENT StreamID must be odd for client initiated streams");
    }

    /** Waits for something that comes about at once, as a rule. */
    static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    static void takes(Held call, String... messages) {
        until(() -> call.taken.equals(List.of(messages)));
    }

    /** The call is there and untouched: it ends as its handler says. */
    void endsWell(int id, Kind kind, Held call) throws IOException {
        assertThat(call.context.isCancelled()).isFalse();
        call.end("done");
        answers(kind.serverStreams() ? id + " Data 5" : id + " Response 0 done");
    }
}
