package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client calls Go's server. */
class GoServerIT {
    /** An answer over the limit makes Go's server close the connection with all calls on it, instead of failing that call. */
    private static final Set<String> FAULTS_OF_GO = Set.of("limit-answer-over", "limit-download-over");

    private static GoPrograms go;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildGo() throws Exception {
        go = Peers.go();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--stack=blocking", "--stack=async"})
    void everyCallToGoEndsAsItShould(String options) throws Exception {
        List<String> command =
                List.of(go.conformanceServer().toString(), "unix:" + folder.resolve("s"), "tcp://127.0.0.1:0");
        try (ChildProcess server = Peers.start("go-server", command)) {
            for (String address : List.of(Peers.addressOf(server), Peers.addressOf(server))) {
                String pairing = Peers.pairing("ours", address, "go", options);
                String[] conformance = Stream.concat(
                                Stream.of("call", address, options, "--timeout=60"),
                                Peers.caseNames().filter(name -> !FAULTS_OF_GO.contains(name)))
                        .toArray(String[]::new);
                try (ChildProcess client = Peers.ours(conformance)) {
                    Peers.mustPass(pairing, client);
                }
                try (ChildProcess client =
                        Peers.ours("call", address, options, "--timeout=60", "--service=go-streaming")) {
                    Peers.mustPass(pairing, client);
                }
            }
        }
    }

    /** Once this fails, Go's newest version is better than docs/interoperability.md says. */
    @Test
    void goLosesTheConnectionOverAnAnswerBeyondTheLimit() throws Exception {
        List<String> command = List.of(go.conformanceServer().toString(), "unix:" + folder.resolve("s"));
        try (ChildProcess server = Peers.start("go-server", command)) {
            String address = Peers.addressOf(server);
            String[] faults = Stream.concat(
                            Stream.of("call", address), FAULTS_OF_GO.stream().sorted())
                    .toArray(String[]::new);
            try (ChildProcess client = Peers.ours(faults)) {
                List<String> lines = client.readToEnd(Peers.CASES_TIMEOUT);
                assertThat(lines).hasSize(3);
                assertThat(lines.subList(0, 2))
                        .allMatch(line -> line.startsWith("FAILED ") && line.contains("was lost"));
            }
        }
    }
}
