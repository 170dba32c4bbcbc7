package dev.ttrpc.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a named entry and the defaults become one: key by key, the named entry wins. */
public final class Merge {
    private Merge() {}

    /** The named entry's value, or the defaults' where it has none. Lists too: they are never joined. */
    public static <T> @Nullable T first(@Nullable T named, @Nullable T defaults) {
        return named != null ? named : defaults;
    }

    /** All keys of both; a key of both has the named entry's value. */
    public static <K, V> Map<K, V> union(Map<K, V> named, Map<K, V> defaults) {
        Map<K, V> union = new LinkedHashMap<>(defaults);
        union.putAll(named);
        return union;
    }
}
