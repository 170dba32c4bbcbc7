package dev.ttrpc.verification.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a process holds, by name.
 *
 * @param values bytes or numbers, by the constants of this class
 */
public record Footprint(Map<String, Long> values) {
    /** Bytes of live heap; after a collection where one was asked for. */
    public static final String HEAP = "heap";
    /**
     * Bytes of direct memory: what Netty counts or what the JVM counts, whichever is more. Where Netty takes its memory from the JVM's own direct
     * buffers both count it.
     */
    public static final String DIRECT = "direct";
    /** Bytes of the pooled allocator that buffers in use occupy. */
    public static final String PINNED = "pinned";
    /** Open file descriptors. */
    public static final String DESCRIPTORS = "descriptors";
    /** Live threads. */
    public static final String THREADS = "threads";
    /** Buffers found unreachable and not released. */
    public static final String LEAKS = "leaks";
    /** Open connections of the server. */
    public static final String CONNECTIONS = "connections";
    /** Calls that have not ended. */
    public static final String CALLS = "calls";
    /** Handlers that run. */
    public static final String HANDLERS = "handlers";
    /** Echo calls that were handled so far. */
    public static final String ECHOES = "echoes";
    /** Echo calls whose number had been handled before. */
    public static final String TWICE = "twice";

    public long get(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("this process does not tell its " + name);
        }
        return value;
    }

    /** Heap and direct memory. */
    public long memory() {
        return get(HEAP) + get(DIRECT);
    }

    /** All values in one line. */
    static String toLine(Map<String, Long> values) {
        StringBuilder line = new StringBuilder();
        values.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }

    /** Reads the values of a line, behind its first word. */
    static Map<String, Long> ofLine(String line) {
        Map<String, Long> values = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.lastIndexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
            }
        }
        return values;
    }
}
