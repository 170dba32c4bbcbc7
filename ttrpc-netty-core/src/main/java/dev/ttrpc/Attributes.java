package dev.ttrpc;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What interceptors and handlers of one call tell each other. Safe for any thread. Nothing here goes over the wire. */
public final class Attributes {
    private final ConcurrentHashMap<Key<?>, Object> values = new ConcurrentHashMap<>(4);

    /** None yet. */
    public Attributes() {}

    /** The value of the key, or null. */
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Key<T> key) {
        return (T) values.get(key);
    }

    public <T> void put(Key<T> key, T value) {
        values.put(key, value);
    }

    /**
     * Names one attribute. Compared by identity, so keys are constants.
     *
     * @param <T> the type of its value
     */
    public static final class Key<T> {
        private final String name;

        private Key(String name) {
            this.name = name;
        }

        public static <T> Key<T> of(String name) {
            return new Key<>(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
