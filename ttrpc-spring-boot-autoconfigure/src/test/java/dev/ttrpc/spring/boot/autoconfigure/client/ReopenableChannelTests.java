package dev.ttrpc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.ClientStatistics;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.greeter.GreeterTtrpc;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReopenableChannelTests {
    private static final TtrpcAddress CONFIGURED = TtrpcAddress.parse("in-process:configured");

    private final TtrpcChannel first = mock();
    private final TtrpcChannel second = mock();

    @BeforeEach
    void countCalls() {
        given(first.statistics()).willReturn(new ClientStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9));
        given(second.statistics()).willReturn(new ClientStatistics(10, 20, 30, 40, 50, 60, 70, 80, 90));
    }

    private final Queue<TtrpcChannel> channels = new ArrayDeque<>(List.of(first, second));
    private final ReopenableChannel channel = new ReopenableChannel(CONFIGURED, channels::remove);

    @Test
    void isNotOpenBeforeItsFirstUse() {
        assertThat(channel.state()).isEqualTo(ChannelState.IDLE);
        assertThat(channel.address()).isEqualTo(CONFIGURED);
        assertThat(channel.liveCalls()).isZero();
        assertThat(channel.release(Duration.ZERO)).isCompleted();
        assertThat(channels).hasSize(2);
    }

    @Test
    void opensOnceForAllCalls() {
        given(first.unary(any(), any(), any())).willReturn("reply");
        assertThat(call()).isEqualTo("reply");
        assertThat(call()).isEqualTo("reply");
        assertThat(channels).containsExactly(second);
    }

    @Test
    void opensAnotherOneAfterItWasReleasedAndClosesTheOldOneWhenItsCallsHaveEnded() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        given(first.shutdown(Duration.ofSeconds(3))).willReturn(ended);
        given(second.unary(any(), any(), any())).willReturn("second");
        call();
        CompletableFuture<Void> released = channel.release(Duration.ofSeconds(3));
        assertThat(call()).isEqualTo("second");
        verify(first, never()).close();
        ended.complete(null);
        verify(first).close();
        assertThat(released).isCompleted();
    }

    @Test
    void statisticsAreThoseOfAllItsChannels() {
        given(first.shutdown(any())).willReturn(CompletableFuture.completedFuture(null));
        assertThat(channel.statistics()).isEqualTo(new ClientStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0));
        call();
        assertThat(channel.statistics()).isEqualTo(first.statistics());
        channel.release(Duration.ZERO);
        assertThat(channel.statistics()).isEqualTo(first.statistics());
        call();
        assertThat(channel.statistics()).isEqualTo(new ClientStatistics(11, 22, 33, 44, 55, 66, 77, 88, 99));
    }

    @Test
    void listenersHearOfEachChannel() {
        Consumer<ChannelState> listener = state -> {};
        given(first.shutdown(any())).willReturn(CompletableFuture.completedFuture(null));
        channel.onStateChange(listener);
        call();
        verify(first).onStateChange(listener);
        channel.release(Duration.ZERO);
        call();
        verify(second).onStateChange(listener);
    }

    @Test
    void onceClosedACallGetsAChannelThatIsClosed() {
        channel.close();
        assertThat(channel.state()).isEqualTo(ChannelState.SHUTDOWN);
        call();
        verify(first).close();
    }

    @Test
    void whenItCannotBeOpenedAsyncCallsFailAndDoNotThrow() {
        RuntimeException failure = Status.UNAVAILABLE.asException();
        ReopenableChannel broken = new ReopenableChannel(CONFIGURED, () -> {
            throw failure;
        });
        assertThat(broken.unaryAsync(GreeterTtrpc.SAY_HELLO, "x", CallOptions.DEFAULT))
                .isCompletedExceptionally();
        AtomicReference<Throwable> signalled = new AtomicReference<>();
        broken.serverStreamingAsync(GreeterTtrpc.REPEAT, "x", CallOptions.DEFAULT)
                .subscribe(new Flow.Subscriber<>() {
                    private boolean subscribed;

                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscribed = true;
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(String item) {
                        throw new AssertionError(item);
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        assertThat(subscribed).isTrue();
                        signalled.set(thrown);
                    }

                    @Override
                    public void onComplete() {
                        throw new AssertionError("completed");
                    }
                });
        assertThat(signalled).hasValue(failure);
    }

    private Object call() {
        return channel.unary(GreeterTtrpc.SAY_HELLO, "x", CallOptions.DEFAULT);
    }
}
