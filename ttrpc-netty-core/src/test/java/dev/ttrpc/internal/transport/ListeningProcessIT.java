package dev.ttrpc.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only shows between processes. */
class ListeningProcessIT {

    private static final int PROCESSES = 3;
    private static final int ROUNDS = 20;

    /** More than the process under test may open, fewer than wait in a backlog. */
    private static final int DESCRIPTORS = 128;

    @TempDir
    Path directory;

    private final TransportResources resources = TransportResources.builder().build();
    private TtrpcAddress.Unix address;

    @BeforeEach
    void name() {
        address = new TtrpcAddress.Unix(directory.resolve("x.sock").toString());
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void ofProcessesThatWantOnePathExactlyOneGetsIt() throws Exception {
        List<ListeningProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(ListeningProcess.start(TransportKind.EPOLL, address.toString()));
            }
            for (int round = 0; round < ROUNDS; round++) {
                if (round % 2 == 0) {
                    leaveStaleSocket();
                }
                assertExactlyOneListens(processes);
                assertEchoes();
                for (ListeningProcess each : processes) {
                    each.tell("close");
                    each.expect("closed");
                }
                assertThat(directory).isEmptyDirectory();
            }
        } finally {
            for (ListeningProcess each : processes) {
                each.close();
            }
        }
    }

    private void assertExactlyOneListens(List<ListeningProcess> processes) throws Exception {
        for (ListeningProcess each : processes) {
            each.tell("listen");
        }
        List<String> answers = new ArrayList<>();
        for (ListeningProcess each : processes) {
            answers.add(each.answer());
        }
        assertThat(answers)
                .containsOnlyOnce("listening")
                .allSatisfy(answer -> assertThat(answer)
                        .containsAnyOf(
                                "listening", "Cannot listen on " + address + ": it is served by a live process"));
    }

    @Test
    void socketOfAKilledProcessIsStaleAndThatOfALiveOneIsNot() throws Exception {
        try (ListeningProcess server = ListeningProcess.start(TransportKind.EPOLL, address.toString())) {
            server.tell("listen");
            server.expect("listening");
            assertThatThrownBy(() -> Lines.echoServer(resources, address.toString()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("it is served by a live process");
            server.kill();
        }
        Lines.echoServer(resources, address.toString());
        assertEchoes();
    }

    @Test
    void processThatEndsInOrderLeavesNothing() throws Exception {
        try (ListeningProcess server = ListeningProcess.start(TransportKind.EPOLL, address.toString())) {
            server.tell("listen");
            server.expect("listening");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO", "IO_URING"})
    void listenerOutlivesAProcessOutOfDescriptors(TransportKind kind) throws Exception {
        String limited = "ulimit -n " + DESCRIPTORS + "; exec \"$@\"";
        try (ListeningProcess server = ListeningProcess.start(kind, address.toString(), "sh", "-c", limited, "sh")) {
            server.tell("listen");
            server.expect("listening");
            assertEchoes(); // loads the classes that it needs, while it may still open their files
            List<SocketChannel> crowd = new ArrayList<>();
            for (int i = 0; i < DESCRIPTORS; i++) {
                crowd.add(SocketChannel.open(UnixDomainSocketAddress.of(address.path())));
            }
            assertThat(server.answer()).contains("Accepting on " + address + " fails and is tried again");
            for (SocketChannel each : crowd) {
                each.close();
            }
            assertEchoes();
        }
    }

    private void leaveStaleSocket() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(address.path()));
        }
    }

    private void assertEchoes() throws Exception {
        try (Lines.Client client = Lines.connect(resources, address)) {
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }
}
