package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runnable jar keeps its contract, both of its sides set against each other. */
class OwnPeersIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"blocking, blocking", "blocking, async", "async, blocking", "async, async"})
    void everyCasePasses(String serverStack, String clientStack) throws Exception {
        try (ChildProcess server = Peers.ours("serve", "--stack=" + serverStack, "unix:" + folder.resolve("s"))) {
            String address = Peers.addressOf(server);
            try (ChildProcess client = Peers.ours("call", address, "--stack=" + clientStack)) {
                Peers.mustPass(client);
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
