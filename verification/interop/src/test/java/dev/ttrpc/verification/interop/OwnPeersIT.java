package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.conformance.v1.ConformanceAsyncClient;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.HangRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar keeps its contract, both of its sides set against each other. */
class OwnPeersIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "blocking, blocking",
        "blocking, async",
        "async, blocking",
        "async, async",
        "blocking --non-blocking, blocking",
        "async --non-blocking, async"
    })
    void everyCasePasses(String serverStack, String clientStack) throws Exception {
        String[] arguments = Stream.concat(
                        Stream.of("serve", "unix:" + folder.resolve("s"), "tcp://127.0.0.1:0"),
                        Stream.of(("--stack=" + serverStack).split(" ")))
                .toArray(String[]::new);
        try (ChildProcess server = Peers.ours(arguments)) {
            for (String address : List.of(Peers.addressOf(server), Peers.addressOf(server))) {
                String pairing = Peers.pairing("ours", address, "ours", clientStack + "," + serverStack);
                for (String service : List.of("conformance", "go-streaming")) {
                    try (ChildProcess client = Peers.ours(
                            "call", address, "--timeout=60", "--stack=" + clientStack, "--service=" + service)) {
                        Peers.mustPass(pairing, client);
                    }
                }
            }
        }
    }

    @Test
    void everyAddressIsServedAndNamedWithItsRealPort() throws Exception {
        try (ChildProcess server = Peers.ours("serve", "unix:" + folder.resolve("s"), "tcp://127.0.0.1:0")) {
            String unix = Peers.addressOf(server);
            String tcp = Peers.addressOf(server);
            assertThat(unix).startsWith("unix:");
            assertThat(tcp).startsWith("tcp://127.0.0.1:").doesNotEndWith(":0");
            for (String address : List.of(unix, tcp)) {
                try (ChildProcess client = Peers.ours("call", address, "unary-echo", "chat")) {
                    Peers.mustPass(client);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"same-user, 0", "'0:4294967294,65534:65534', 1"})
    void onlyThePeerThatIsRequiredIsServed(String required, int exitCode) throws Exception {
        try (ChildProcess server = Peers.ours("serve", "unix:" + folder.resolve("s"), "--require-peer=" + required)) {
            String address = Peers.addressOf(server);
            try (ChildProcess client = Peers.ours("call", address, "unary-echo")) {
                client.readToEnd(Peers.CASES_TIMEOUT);
                assertThat(client.awaitExit(Peers.END_TIMEOUT)).isEqualTo(exitCode);
            }
        }
    }

    @Test
    void aServerThatIsAskedToEndRemovesItsSocketAndExitsWithZero() throws Exception {
        Path socket = folder.resolve("s");
        try (ChildProcess server = Peers.ours("serve", "unix:" + socket)) {
            Peers.addressOf(server);
            assertThat(server.terminate(Peers.END_TIMEOUT)).isZero();
        }
        assertThat(Files.exists(socket)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aServerThatIsAskedToEndLetsItsCallsFinish(String signal) throws Exception {
        Path socket = folder.resolve("s");
        try (ChildProcess server = Peers.ours("serve", "unix:" + socket, "--grace=60");
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            ConformanceAsyncClient client = ConformanceTtrpc.asyncClient(channel);
            HangRequest untilTold = HangRequest.newBuilder().setMaxMillis(6_000).build();
            CompletableFuture<Empty> running = client.hang(untilTold);
            awaitHangs(client, 1);
            server.signal(signal);
            await().atMost(Peers.END_TIMEOUT).until(() -> !Files.exists(socket));
            assertThat(running).isNotDone();
            assertThatThrownBy(client.nothing(Empty.getDefaultInstance())::get)
                    .cause()
                    .isInstanceOf(TtrpcException.class)
                    .hasMessageContaining("UNAVAILABLE");
            assertThat(running.get(Peers.END_TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(Empty.getDefaultInstance());
            assertThat(server.awaitExit(Peers.END_TIMEOUT)).isZero();
        }
    }

    @Test
    void aCallThatOutlastsTheGraceIsCancelledAndTheExitCodeIsZero() throws Exception {
        try (ChildProcess server = Peers.ours("serve", "unix:" + folder.resolve("s"), "--grace=1");
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            ConformanceAsyncClient client = ConformanceTtrpc.asyncClient(channel);
            CompletableFuture<Empty> running = client.hang(HangRequest.getDefaultInstance());
            awaitHangs(client, 1);
            assertThat(server.terminate(Peers.END_TIMEOUT)).isZero();
            assertThat(running).failsWithin(Peers.END_TIMEOUT);
        }
    }

    private static void awaitHangs(ConformanceAsyncClient client, int started) {
        await().atMost(Peers.END_TIMEOUT)
                .until(() -> client.hangCount(Empty.getDefaultInstance()).get().getStarted() == started);
    }

    @Test
    void eachLineOfACallSaysWhatBecameOfItsCaseAndTheLastTheTotal() throws Exception {
        try (ChildProcess server = Peers.ours("serve", "unix:" + folder.resolve("s"))) {
            String address = Peers.addressOf(server);
            try (ChildProcess client = Peers.ours("call", address, "chat", "unary-echo", "--timeout=30")) {
                assertThat(client.readToEnd(Peers.CASES_TIMEOUT))
                        .containsExactly("ok chat", "ok unary-echo", "2 passed, 0 failed");
                assertThat(client.awaitExit(Peers.END_TIMEOUT)).isZero();
            }
        }
    }

    @Test
    void aCaseThatFailsIsNamedAndCountedAndMakesTheExitCodeOne() throws Exception {
        try (ChildProcess client = Peers.ours("call", "unix:" + folder.resolve("nobody"), "unary-echo")) {
            List<String> lines = client.readToEnd(Peers.START_TIMEOUT);
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).startsWith("FAILED unary-echo: ").contains("UNAVAILABLE");
            assertThat(lines.get(1)).isEqualTo("0 passed, 1 failed");
            assertThat(client.awaitExit(Peers.END_TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void aWrongCommandLineExitsWithTwo() throws Exception {
        try (ChildProcess program = Peers.ours("dance")) {
            assertThat(program.readToEnd(Peers.START_TIMEOUT)).isEmpty();
            assertThat(program.awaitExit(Peers.END_TIMEOUT)).isEqualTo(2);
        }
    }

    @Test
    void anAddressThatCannotBeServedExitsWithOne() throws Exception {
        try (ChildProcess server = Peers.ours("serve", "unix:" + folder.resolve("no/such/folder/s"))) {
            assertThat(server.readToEnd(Peers.START_TIMEOUT)).isEmpty();
            assertThat(server.awaitExit(Peers.END_TIMEOUT)).isEqualTo(1);
        }
    }
}
