package dev.ttrpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys and text values that travel with a request. Immutable. A key may have several values, whose order is kept; keys are lower-case
 * when built here, kept as received from a peer, and found whatever their case. ttrpc has no metadata on responses.
 */
public final class Metadata {
    public static final Metadata EMPTY = new Metadata(new String[0]);

    /** Key, value, key, value. */
    private final String[] entries;

    private Metadata(String[] entries) {
        this.entries = entries;
    }

    /** One value. */
    public static Metadata of(String key, String value) {
        return builder().add(key, value).build();
    }

    /** One value for each key. */
    public static Metadata of(Map<String, String> values) {
        Builder builder = builder();
        values.forEach(builder::add);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The first value of the key, or null. */
    public @Nullable String get(String key) {
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i].equalsIgnoreCase(key)) {
                return entries[i + 1];
            }
        }
        return null;
    }

    /** All values of the key in their order. */
    public List<String> getAll(String key) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i].equalsIgnoreCase(key)) {
                values.add(entries[i + 1]);
            }
        }
        return values;
    }

    /** The keys, lower-case, in the order of their first value. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (int i = 0; i < entries.length; i += 2) {
            keys.add(entries[i].toLowerCase(Locale.ROOT));
        }
        return keys;
    }

    /** Every pair of key and value, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < entries.length; i += 2) {
            action.accept(entries[i], entries[i + 1]);
        }
    }

    /** The number of pairs. */
    public int size() {
        return entries.length / 2;
    }

    public boolean isEmpty() {
        return entries.length == 0;
    }

    /** A builder that starts with these pairs. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.entries.addAll(Arrays.asList(entries));
        return builder;
    }

    /** These pairs and then those of {@code other}. */
    public Metadata plus(Metadata other) {
        if (other.isEmpty()) {
            return this;
        }
        return isEmpty() ? other : toBuilder().addAll(other).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Metadata that && Arrays.equals(entries, that.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    /** The keys only: values may be secrets. */
    @Override
    public String toString() {
        return "Metadata" + keys();
    }

    /** Collects pairs. Not safe for several threads. */
    public static final class Builder {
        private final List<String> entries = new ArrayList<>();

        private Builder() {}

        /** Appends a value to the key's. The key becomes lower-case. */
        public Builder add(String key, String value) {
            entries.add(key.toLowerCase(Locale.ROOT));
            entries.add(Objects.requireNonNull(value, () -> "value of " + key));
            return this;
        }

        /** Appends a pair as a peer sent it, with the case of its key. */
        public Builder addReceived(String key, String value) {
            entries.add(key);
            entries.add(value);
            return this;
        }

        public Builder addAll(Metadata other) {
            other.forEach(this::add);
            return this;
        }

        /** Replaces all values of the key. */
        public Builder set(String key, String value) {
            return remove(key).add(key, value);
        }

        public Builder remove(String key) {
            for (int i = entries.size() - 2; i >= 0; i -= 2) {
                if (entries.get(i).equalsIgnoreCase(key)) {
                    entries.subList(i, i + 2).clear();
                }
            }
            return this;
        }

        public Metadata build() {
            return entries.isEmpty() ? EMPTY : new Metadata(entries.toArray(new String[0]));
        }
    }
}
