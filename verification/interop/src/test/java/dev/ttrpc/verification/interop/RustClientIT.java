package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rust's clients call our server: Rust says what is right. */
class RustClientIT {
    private static RustPrograms rust;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildRust() throws Exception {
        rust = Peers.rust();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--stack=blocking",
                "--stack=blocking --non-blocking",
                "--stack=async",
                "--stack=async --non-blocking"
            })
    void everyCallOfRustEndsAsItShould(String options) throws Exception {
        String[] arguments = Stream.concat(
                        Stream.of("serve", "unix:" + folder.resolve("s"), "tcp://127.0.0.1:0"),
                        Stream.of(options.split(" ")))
                .toArray(String[]::new);
        try (ChildProcess server = Peers.ours(arguments)) {
            for (String address : List.of(Peers.addressOf(server), Peers.addressOf(server))) {
                mustPass(address, "async", options);
                mustPass(address, "sync", options);
            }
            assertThat(server.terminate(Peers.END_TIMEOUT)).isZero();
        }
    }

    private static void mustPass(String address, String stack, String options) throws Exception {
        List<String> command = rust.command("call", "--stack=" + stack, "--timeout=60", address);
        try (ChildProcess client = Peers.start("rust-client", command)) {
            Peers.mustPass(Peers.pairing("rust", address, "ours", stack + "," + options), client);
        }
    }
}
