package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.CodedOutputStream;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.conformance.v1.ConformanceClient;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.Plan;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our client calls Rust's servers. The asynchronous one runs on one thread: on more it reorders and loses messages of its streams
 * before a handler sees them. The synchronous one has no streams.
 */
class RustServerIT {
    private static final int LIMIT = 4 << 20;
    private static final int EMPTY_STATUS = 2;

    private static RustPrograms rust;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildRust() throws Exception {
        rust = Peers.rust();
    }

    @ParameterizedTest
    @CsvSource({
        "async, blocking, unix", "async, async, unix", "async, blocking, tcp", "async, async, tcp",
        "sync, blocking, unix", "sync, async, unix", "sync, blocking, tcp", "sync, async, tcp"
    })
    void everyCallToRustEndsAsItShould(String rustStack, String ourStack, String transport) throws Exception {
        try (ChildProcess server = serve(rustStack, transport)) {
            String address = Peers.addressOf(server);
            String[] arguments = Stream.concat(
                            Stream.of("call", address, "--stack=" + ourStack, "--timeout=60"),
                            Peers.caseNames().filter(name -> RustFaults.canPass(rustStack, name)))
                    .toArray(String[]::new);
            try (ChildProcess client = Peers.ours(arguments)) {
                Peers.mustPass(Peers.pairing("ours", address, "rust", ourStack + "," + rustStack), client);
            }
            assertThat(server.terminate(Peers.END_TIMEOUT)).isZero();
        }
    }

    /** Its streams it reorders and breaks there, in no way that could be foretold: docs/interoperability.md has the command that shows it. */
    @Test
    void everyUnaryCallToRustOnFourThreadsEndsAsItShould() throws Exception {
        try (ChildProcess server = serve("async", "unix", "--threads=4")) {
            String address = Peers.addressOf(server);
            String[] arguments = Stream.concat(
                            Stream.of("call", address, "--timeout=60"),
                            Peers.caseNames()
                                    .filter(name -> RustFaults.canPass("async", name) && !RustFaults.hasStreams(name)))
                    .toArray(String[]::new);
            try (ChildProcess client = Peers.ours(arguments)) {
                Peers.mustPass(Peers.pairing("ours", address, "rust", "blocking,async+threads=4"), client);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "sync"})
    void eachFaultForWhichACaseIsLeftOutIsStillThere(String rustStack) throws Exception {
        Map<String, String> faults = RustFaults.of(rustStack);
        try (ChildProcess server = serve(rustStack, "unix")) {
            String[] arguments = Stream.concat(
                            Stream.of("call", Peers.addressOf(server), "--timeout=5"), faults.keySet().stream())
                    .toArray(String[]::new);
            try (ChildProcess client = Peers.ours(arguments)) {
                List<String> lines = client.readToEnd(Peers.CASES_TIMEOUT);
                assertThat(lines).hasSize(faults.size() + 1);
                faults.forEach((name, seen) -> assertThat(lines)
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("FAILED " + name + ": ")
                                .contains(seen)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "sync"})
    void anAnswerOfExactlyTheLimitPassesAndOneByteMoreFailsThatCallAlone(String rustStack) throws Exception {
        try (ChildProcess server = serve(rustStack, "unix");
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            ConformanceClient client = ConformanceTtrpc.client(channel);
            int guess = 4_000_000;
            int envelope = CodedOutputStream.computeByteArraySize(
                            2, client.unary(request(guess)).toByteArray())
                    + EMPTY_STATUS;
            int exact = guess + LIMIT - envelope;
            assertThat(client.unary(request(exact)).getPayload().size()).isEqualTo(exact);
            assertThatThrownBy(() -> client.unary(request(exact + 1)))
                    .isInstanceOf(TtrpcException.class)
                    .hasMessageContaining(String.valueOf(LIMIT + 1));
            assertThat(client.unary(request(1)).getPayload().size()).isEqualTo(1);
        }
    }

    /** The answer is there before the input ends: see {@link RustFaults} for why {@code call} cannot ask for that. */
    @Test
    void anUploadThatTheServerEndsFirstEndsAsTheServerSays() throws Exception {
        try (ChildProcess server = serve("async", "unix");
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            ConformanceClient client = ConformanceTtrpc.client(channel);
            Plan early = Plan.newBuilder().setAfterMessages(1).build();
            assertThat(afterItsEnd(client, early).getMessages()).isEqualTo(1);
            Plan failing = Plan.newBuilder()
                    .setStatusCode(StatusCode.ABORTED.value())
                    .setStatusMessage("enough")
                    .build();
            assertThatThrownBy(() -> afterItsEnd(client, failing))
                    .isInstanceOf(TtrpcException.class)
                    .hasMessageContaining("ABORTED: enough");
        }
    }

    private static UploadResponse afterItsEnd(ConformanceClient client, Plan plan) {
        try (UploadCall<UploadRequest, UploadResponse> call = client.upload()) {
            call.write(UploadRequest.newBuilder().setPlan(plan).build());
            await().atMost(Peers.END_TIMEOUT).until(call::isEnded);
            return call.finish();
        }
    }

    private static UnaryRequest request(int responseSize) {
        return UnaryRequest.newBuilder().setResponseSize(responseSize).build();
    }

    private ChildProcess serve(String rustStack, String transport, String... options) throws Exception {
        String address = transport.equals("tcp") ? "tcp://127.0.0.1:0" : "unix:" + folder.resolve("s");
        String[] arguments = Stream.concat(Stream.of("serve", "--stack=" + rustStack, address), Stream.of(options))
                .toArray(String[]::new);
        return Peers.start("rust-server", rust.command(arguments));
    }
}
