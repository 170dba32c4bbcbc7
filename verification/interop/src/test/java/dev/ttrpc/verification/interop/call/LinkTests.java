package dev.ttrpc.verification.interop.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.TtrpcAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class LinkTests {
    private static final int ROUNDS = 300;

    /** Not even at once: a thread that waits in accept() keeps the system's socket until it has woken. */
    @Test
    void nothingConnectsToALinkThatIsTakenDown() throws Exception {
        try (ServerSocketChannel server = server();
                Link link = new Link(addressOf(server))) {
            for (int round = 0; round < ROUNDS; round++) {
                link.takeDown();
                assertThatThrownBy(() -> connect(link)).isInstanceOf(ConnectException.class);
                link.putUp();
            }
            assertThat(link.connections()).isZero();
        }
    }

    @Test
    void aLinkWhoseServerCannotBeReachedEndsThatConnectionAndTakesTheNext() throws Exception {
        TtrpcAddress closed;
        try (ServerSocketChannel server = server()) {
            closed = addressOf(server);
        }
        try (Link link = new Link(closed)) {
            for (int connection = 1; connection <= 2; connection++) {
                try (SocketChannel client = connect(link)) {
                    assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                }
                assertThat(link.connections()).isEqualTo(connection);
            }
        }
    }

    private static ServerSocketChannel server() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    }

    private static TtrpcAddress addressOf(ServerSocketChannel server) throws IOException {
        return new TtrpcAddress.Tcp("127.0.0.1", ((InetSocketAddress) server.getLocalAddress()).getPort());
    }

    private static SocketChannel connect(Link link) throws IOException {
        TtrpcAddress.Tcp address = (TtrpcAddress.Tcp) link.address();
        return SocketChannel.open(new InetSocketAddress(address.host(), address.port()));
    }
}
