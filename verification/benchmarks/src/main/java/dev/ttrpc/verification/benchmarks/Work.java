package dev.ttrpc.verification.benchmarks;

import java.util.Locale;

/**
 * What callers do.
 *
 * @param payload bytes in each message
 * @param inFlight how many calls are under way at any time, or how many streams are open, on all connections together
 * @param connections how many connections share them
 */
public record Work(Kind kind, int payload, int inFlight, int connections) {
    /** How many words {@link #toWords} makes. */
    static final int WORDS = 4;

    /** What is counted: calls, or messages of streams. */
    public enum Kind {
        UNARY("calls"),
        DOWNLOAD("messages"),
        UPLOAD("messages"),
        CHAT("messages");

        private final String counted;

        Kind(String counted) {
            this.counted = counted;
        }
    }

    public Work {
        if (payload < 0 || inFlight < 1 || connections < 1 || connections > inFlight) {
            throw new IllegalArgumentException(
                    payload + " bytes, " + inFlight + " in flight on " + connections + " connections");
        }
    }

    /** Unary calls on one connection. */
    public static Work unary(int payload, int inFlight) {
        return new Work(Kind.UNARY, payload, inFlight, 1);
    }

    /** How many of the calls one of the connections has. */
    public int share(int connection) {
        return inFlight / connections + (connection < inFlight % connections ? 1 : 0);
    }

    /** Whether one call is made after the other, so that the time of each means something. */
    public boolean isSequential() {
        return inFlight == 1 && kind == Kind.UNARY;
    }

    /** What is counted, in the plural. */
    public String counted() {
        return kind.counted;
    }

    /** As programs of every language are told it. */
    public String toWords() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + payload + " " + inFlight + " " + connections;
    }

    static Work ofWords(String[] words) {
        return new Work(
                Kind.valueOf(words[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]));
    }
}
