package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ListenersTests {
    private record Lapsed(Object held) implements Consumer<String>, Listeners.Lapsing {
        @Override
        public void accept(String event) {}

        @Override
        public boolean hasLapsed() {
            return true;
        }
    }

    @Test
    void listenersThatHaveLapsedAreNotKept() {
        Listeners<String> listeners = new Listeners<>();
        List<String> heard = new ArrayList<>();
        listeners.add(heard::add);
        WeakReference<Object> first = addLapsed(listeners);
        for (int i = 0; i < 200; i++) {
            addLapsed(listeners);
        }
        Awaitility.await().until(() -> {
            System.gc();
            return first.refersTo(null);
        });
        listeners.fire("event");
        assertThat(heard).containsExactly("event");
    }

    private static WeakReference<Object> addLapsed(Listeners<String> listeners) {
        Object held = new Object();
        listeners.add(new Lapsed(held));
        return new WeakReference<>(held);
    }

    @Test
    void listenerWhoseFailureCannotBeLoggedKeepsNobodyFromTheEvent() {
        Listeners<String> listeners = new Listeners<>();
        List<String> heard = new ArrayList<>();
        listeners.add(event -> {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("no message");
                }
            };
        });
        listeners.add(heard::add);
        listeners.fire("event");
        assertThat(heard).containsExactly("event");
    }

    @Test
    void listenerThatThrowsAnErrorKeepsNobodyFromTheEvent() {
        Listeners<String> listeners = new Listeners<>();
        List<String> heard = new ArrayList<>();
        listeners.add(event -> {
            throw new AssertionError("a listener");
        });
        listeners.add(heard::add);
        listeners.fire("event");
        assertThat(heard).containsExactly("event");
    }
}
