package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Go's client calls the sample application, as a user would run it. */
class GoSampleIT {
    private static final Path SAMPLE = Path.of("..", "..", "sample-app", "target", "sample-app.jar");

    @TempDir
    private Path folder;

    @Test
    void everyMethodOfTheRunningSampleAnswersGo() throws Exception {
        GoPrograms go = Peers.go();
        Path socket = folder.resolve("agent.sock");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> sample = List.of(java, "-jar", SAMPLE.toString(), "--sample.socket=" + socket);
        try (ChildProcess server = Peers.start("sample", sample)) {
            await().atMost(Peers.START_TIMEOUT).until(() -> Files.exists(socket));
            List<String> client = List.of(go.nodeAgentClient().toString(), "unix:" + socket);
            try (ChildProcess caller = Peers.start("go-sample-client", client)) {
                assertThat(caller.readToEnd(Peers.CASES_TIMEOUT))
                        .extracting(line -> line.substring(0, line.indexOf(':')))
                        .containsExactly("Describe", "Watch", "Ingest", "Find");
                assertThat(caller.awaitExit(Peers.END_TIMEOUT)).isZero();
            }
            server.terminate(Peers.END_TIMEOUT);
        }
        assertThat(socket).doesNotExist();
    }
}
