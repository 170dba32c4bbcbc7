package dev.ttrpc.spring.boot.autoconfigure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names of sockets and channels, compared as Spring Boot compares property names: case and dashes do not count. So a name in YAML and the
 * same name in an environment variable, which has neither, are one.
 */
public final class EntryNames {
    private EntryNames() {}

    /** Whether both are one name. */
    public static boolean equal(String one, String other) {
        return uniform(one).equals(uniform(other));
    }

    /** The name of {@code entries} that is equal to {@code name}, or null. */
    public static @Nullable String find(Map<String, ?> entries, String name) {
        for (String candidate : entries.keySet()) {
            if (equal(candidate, name)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The entries with one for each name. Spring Boot binds every spelling to the same values, those of all sources, so either may stay: it is the one
     * that an environment variable could not have spelled, or the first.
     */
    public static <T> Map<String, T> distinct(Map<String, T> entries) {
        Map<String, String> spellings = new LinkedHashMap<>();
        for (String name : entries.keySet()) {
            spellings.merge(uniform(name), name, (first, second) -> first.equals(uniform(first)) ? second : first);
        }
        Map<String, T> distinct = new LinkedHashMap<>();
        for (String name : spellings.values()) {
            T entry = entries.get(name);
            if (entry != null) {
                distinct.put(name, entry);
            }
        }
        return Collections.unmodifiableMap(distinct);
    }

    /** The names as a sentence lists them: sorted, with commas. */
    public static String list(Collection<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String uniform(String name) {
        StringBuilder uniform = new StringBuilder(name.length());
        name.toLowerCase(Locale.ROOT).chars().filter(Character::isLetterOrDigit).forEach(c -> uniform.append((char) c));
        return uniform.toString();
    }
}
