package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Go's client calls our server: Go says what is right. */
class GoClientIT {
    private static GoPrograms go;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildGo() throws Exception {
        go = Peers.go();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--stack=blocking",
                "--stack=blocking --non-blocking",
                "--stack=async",
                "--stack=async --non-blocking"
            })
    void everyCallOfGoEndsAsItShould(String options) throws Exception {
        String[] arguments = Stream.concat(
                        Stream.of("serve", "unix:" + folder.resolve("s"), "tcp://127.0.0.1:0"),
                        Stream.of(options.split(" ")))
                .toArray(String[]::new);
        try (ChildProcess server = Peers.ours(arguments)) {
            for (String address : List.of(Peers.addressOf(server), Peers.addressOf(server))) {
                List<String> command = List.of(go.conformanceClient().toString(), "--timeout=60s", address);
                try (ChildProcess client = Peers.start("go-client", command)) {
                    Peers.mustPass(Peers.pairing("go", address, "ours", options), client);
                }
            }
            assertThat(server.terminate(Peers.END_TIMEOUT)).isZero();
        }
    }
}
