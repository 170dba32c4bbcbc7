package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.Peer;
import dev.ttrpc.PeerCredentials;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.PeerCheck;
import dev.ttrpc.server.ServerStatistics;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect is decided before anything is read. */
@Timeout(30)
class PeerCheckTests {
    @TempDir
    private Path directory;

    @Test
    void bytesOfARefusedPeerAreNeverParsed() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        AtomicInteger intercepted = new AtomicInteger();
        try (TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .intercept((call, next) -> {
                    intercepted.incrementAndGet();
                    next.proceed(call);
                })
                .peerCheck(peer -> {
                    await(sent);
                    return false;
                })
                .build()
                .start()) {
            try (RawClient client = new RawClient(server.addresses().get(0))) {
                client.request(1, "Echo", "a call");
                client.send(3, 9, 0, new byte[0]); // would be counted as dropped
                client.send(5, REQUEST, 0, requestBody("", "", "", 0)); // would be answered
                client.header(1 << 24, 7, REQUEST, 0); // would be counted as a protocol error
                sent.countDown();
                CompletableFuture<Boolean> silent = CompletableFuture.supplyAsync(() -> isClosed(client));
                assertThat(silent.get(10, TimeUnit.SECONDS)).isTrue();
            }
            Awaitility.await().until(() -> server.statistics().connectionsRefused() == 1);
            assertThat(server.statistics()).isEqualTo(new ServerStatistics(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            assertThat(intercepted).hasValue(0);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What was sent and never read resets the connection. */
    private static boolean isClosed(RawClient client) {
        try {
            return client.isClosed();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void usersAndGroupsAreTheSystemsNumbers() throws Exception {
        CompletableFuture<Peer> asked = new CompletableFuture<>();
        PeerCredentials own = credentialsOfThisProcess(asked);
        assertThat(own.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(isAccepted(PeerCheck.users(Set.of(own.uid())))).isTrue();
        assertThat(isAccepted(PeerCheck.users(Set.of(own.uid() + 1)))).isFalse();
        assertThat(isAccepted(PeerCheck.groups(Set.of(own.gid())))).isTrue();
        assertThat(isAccepted(PeerCheck.groups(Set.of(own.gid() + 1)))).isFalse();
        assertThat(isAccepted(PeerCheck.users(Set.of(own.uid() + 1)).or(PeerCheck.groups(Set.of(own.gid())))))
                .isTrue();
    }

    private PeerCredentials credentialsOfThisProcess(CompletableFuture<Peer> asked) throws Exception {
        isAccepted(peer -> asked.complete(peer));
        PeerCredentials credentials = asked.get(10, TimeUnit.SECONDS).credentials();
        assertThat(credentials).isNotNull();
        return credentials;
    }

    private boolean isAccepted(PeerCheck check) throws Exception {
        TtrpcAddress address = new TtrpcAddress.Unix(directory.resolve("peers").toString());
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen(address.toString())
                        .service(Texts.blocking())
                        .peerCheck(check)
                        .build()
                        .start();
                TtrpcChannel channel = TtrpcChannel.builder().address(address).build()) {
            TtrpcException refused = catchThrowableOfType(
                    TtrpcException.class, () -> channel.unary(Texts.ECHO, "hi", CallOptions.DEFAULT));
            if (refused != null) {
                assertThat(refused.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
                assertThat(server.statistics().connectionsRefused()).isPositive();
            }
            return refused == null;
        }
    }
}
