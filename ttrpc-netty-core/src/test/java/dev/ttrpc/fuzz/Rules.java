package dev.ttrpc.fuzz;

import java.util.function.Supplier;

/** What a target says of an input that breaks a rule. */
public final class Rules {
    private Rules() {}

    public static void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }

    public static void check(boolean holds, Supplier<String> rule) {
        if (!holds) {
            throw new AssertionError(rule.get());
        }
    }
}
