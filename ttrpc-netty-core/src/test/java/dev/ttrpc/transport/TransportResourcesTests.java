package dev.ttrpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.internal.transport.Transports;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportResourcesTests {

    private static final TtrpcAddress ANY = new TtrpcAddress.Tcp("localhost", 1);

    @AfterEach
    void forceNothing() {
        System.clearProperty(TransportResources.KIND_PROPERTY);
    }

    @Test
    void receiveBudgetIsAQuarterOfTheDirectMemoryAndAtLeast64MiB() {
        assertThat(TransportResources.defaultReceiveBudget(1L << 30)).isEqualTo(256L << 20);
        assertThat(TransportResources.defaultReceiveBudget(256L << 20)).isEqualTo(64L << 20);
        assertThat(TransportResources.defaultReceiveBudget(32L << 20)).isEqualTo(64L << 20);
    }

    @Test
    void thereAreAsManyLoopsAsWished() {
        try (TransportResources resources =
                TransportResources.builder().eventLoopThreads(3).build()) {
            Set<EventLoop> loops = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                loops.add(Transports.of(resources).nextEventLoop(ANY));
            }
            assertThat(loops).hasSize(3);
        }
    }

    @Test
    void closeEndsTheLoopsAtOnceAndMayBeRepeated() {
        TransportResources resources = TransportResources.builder().build();
        EventLoop loop = Transports.of(resources).nextEventLoop(ANY);
        resources.close();
        assertThat(loop.isTerminated()).isTrue();
        resources.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> Transports.of(resources))
                .withMessage("The TransportResources are closed");
    }

    @Test
    void closeOnALoopDoesNotWaitForItself() throws Exception {
        TransportResources resources = TransportResources.builder().build();
        EventLoop loop = Transports.of(resources).nextEventLoop(ANY);
        loop.submit(resources::close).sync();
        loop.terminationFuture().sync();
    }

    @Test
    void sharedOnesAreOneAndNeverEnd() {
        TransportResources shared = TransportResources.shared();
        assertThat(TransportResources.shared()).isSameAs(shared);
        shared.close();
        assertThat(Transports.of(shared).nextEventLoop(ANY).isShuttingDown()).isFalse();
    }

    @Test
    void kindIsThatAskedFor() {
        try (TransportResources resources =
                TransportResources.builder().transport(TransportKind.NIO).build()) {
            assertThat(Transports.of(resources).kind()).isEqualTo(TransportKind.NIO);
        }
    }

    @Test
    void propertyForcesTheKindWhereNoneIsAskedFor() {
        System.setProperty(TransportResources.KIND_PROPERTY, "nio");
        try (TransportResources automatic = TransportResources.builder().build();
                TransportResources wished = TransportResources.builder()
                        .transport(TransportKind.EPOLL)
                        .build()) {
            assertThat(Transports.of(automatic).kind()).isEqualTo(TransportKind.NIO);
            assertThat(Transports.of(wished).kind()).isEqualTo(TransportKind.EPOLL);
        }
    }

    @Test
    void propertyWithAnUnknownKindIsRefused() {
        System.setProperty(TransportResources.KIND_PROPERTY, "fast");
        TransportResources resources = TransportResources.builder().build();
        assertThatIllegalStateException()
                .isThrownBy(() -> Transports.of(resources))
                .withMessage(
                        "The system property dev.ttrpc.transport is 'fast', write auto, epoll, kqueue, io_uring or nio");
    }

    @Test
    void kindThatThisMachineLacksIsRefusedWithTheArtifactToAdd() {
        TransportResources resources =
                TransportResources.builder().transport(TransportKind.KQUEUE).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> Transports.of(resources))
                .withMessageStartingWith(
                        "The transport KQUEUE is not available here: add io.netty:netty-transport-native-kqueue");
    }

    @Test
    void partsAreMadeOnceAndClosedWithTheResources() {
        List<String> events = new ArrayList<>();
        class Part implements AutoCloseable {
            @Override
            public void close() {
                events.add("closed");
            }
        }
        TransportResources resources = TransportResources.builder().build();
        Part part = resources.part(Part.class, owner -> new Part());
        assertThat(resources.part(Part.class, owner -> new Part())).isSameAs(part);
        resources.close();
        resources.close();
        assertThat(events).containsExactly("closed");
    }

    @Test
    void numberOfLoopsMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransportResources.builder().eventLoopThreads(0))
                .withMessage("eventLoopThreads must be at least 1, not 0");
    }

    @Test
    void backlogMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenOptions.builder().unixBacklog(0).build());
    }
}
