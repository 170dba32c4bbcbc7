package dev.ttrpc.verification.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
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
    @ValueSource(strings = {"blocking", "async"})
    void everyCallToGoEndsAsItShould(String stack) throws Exception {
        String wanted = "unix:" + folder.resolve("s");
        try (ChildProcess server =
                Peers.start("go-server", List.of(go.conformanceServer().toString(), wanted))) {
            String address = Peers.addressOf(server);
            String[] arguments = Stream.concat(
                            Stream.of("call", address, "--stack=" + stack),
                            Peers.caseNames().filter(name -> !FAULTS_OF_GO.contains(name)))
                    .toArray(String[]::new);
            try (ChildProcess client = Peers.ours(arguments)) {
                Peers.mustPass(client);
            }
        }
    }
}
