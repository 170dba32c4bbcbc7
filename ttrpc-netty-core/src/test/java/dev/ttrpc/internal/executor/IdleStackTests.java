package dev.ttrpc.internal.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class IdleStackTests {
    private final IdleStack<String> stack = new IdleStack<>();

    @Test
    void lastToComeIsFirstToBeCalled() {
        stack.push("first");
        stack.push("second");

        assertThat(stack.pop()).isEqualTo("second");
        assertThat(stack.pop()).isEqualTo("first");
        assertThat(stack.pop()).isNull();
    }

    @Test
    void whoWithdrewIsPassedOver() {
        stack.push("first");
        IdleStack.Wait<String> second = stack.push("second");

        assertThat(second.end()).isTrue();

        assertThat(stack.size()).isEqualTo(1);
        assertThat(stack.pop()).isEqualTo("first");
    }

    @Test
    void whoWithdrewIsKeptByNobody() {
        IdleStack<Object> idle = new IdleStack<>();
        Object gone = new Object();
        IdleStack.Wait<Object> wait = idle.push(gone);
        idle.push("stays above");
        WeakReference<Object> known = new WeakReference<>(gone);
        gone = null;
        assertThat(idle.withdraw(wait)).isTrue();
        assertThat(idle.withdraw(wait)).isFalse();

        Awaitility.await().until(() -> {
            System.gc();
            return known.refersTo(null);
        });
        assertThat(idle.pop()).isEqualTo("stays above");
        assertThat(idle.pop()).isNull();
    }

    @Test
    void whoWithdrawsFromTheTopLeavesNothingBehind() {
        IdleStack.Wait<String> first = stack.push("first");
        IdleStack.Wait<String> second = stack.push("second");
        assertThat(stack.withdraw(first)).isTrue();
        assertThat(stack.isEmpty()).isFalse();
        assertThat(stack.withdraw(second)).isTrue();
        assertThat(stack.isEmpty()).isTrue();
    }

    @Test
    void whoWasCalledCannotWithdraw() {
        IdleStack.Wait<String> wait = stack.push("only");

        stack.pop();

        assertThat(wait.isOver()).isTrue();
        assertThat(wait.end()).isFalse();
    }

    @Test
    void isEmptyOnceTheWithdrawnArePassedOver() {
        stack.push("gone").end();

        assertThat(stack.isEmpty()).isFalse();
        assertThat(stack.pop()).isNull();
        assertThat(stack.isEmpty()).isTrue();
    }

    @Test
    void everyWaitEndsOnceHoweverManyPushPopAndWithdraw() throws InterruptedException {
        int waits = 20_000;
        AtomicInteger called = new AtomicInteger();
        AtomicInteger withdrawn = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                RecordedTask.await(start);
                for (int n = 0; n < waits; n++) {
                    IdleStack.Wait<String> wait = stack.push("waiter");
                    called.addAndGet(n % 3 == 0 && stack.pop() != null ? 1 : 0);
                    withdrawn.addAndGet(n % 2 == 0 && wait.end() ? 1 : 0);
                }
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        while (stack.pop() != null) {
            called.incrementAndGet();
        }

        assertThat(called.get() + withdrawn.get()).isEqualTo(4 * waits);
    }
}
