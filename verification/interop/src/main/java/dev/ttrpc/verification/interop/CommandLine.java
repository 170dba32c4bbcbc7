package dev.ttrpc.verification.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The arguments of a command: words, and options of the forms {@code --name} and {@code --name=value} anywhere between them. */
public final class CommandLine {
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    private CommandLine() {}

    /** Splits arguments, refusing options that the command does not know. */
    public static CommandLine parse(List<String> arguments, Set<String> known) throws UsageException {
        CommandLine parsed = new CommandLine();
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                parsed.words.add(argument);
                continue;
            }
            String[] parts = argument.split("=", 2);
            if (!known.contains(parts[0])) {
                throw new UsageException("unknown option " + parts[0] + "; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
            if (parsed.options.put(parts[0], parts.length == 2 ? parts[1] : "") != null) {
                throw new UsageException(parts[0] + " is given twice");
            }
        }
        return parsed;
    }

    /** What is no option, in order. */
    public List<String> words() {
        return words;
    }

    /** Whether an option without a value is given. */
    public boolean has(String option) throws UsageException {
        String value = options.get(option);
        if (value != null && !value.isEmpty()) {
            throw new UsageException(option + " takes no value");
        }
        return value != null;
    }

    /** The value of an option, or null where it is not given. */
    public @Nullable String value(String option) throws UsageException {
        String value = options.get(option);
        if (value != null && value.isEmpty()) {
            throw new UsageException(option + " needs a value: " + option + "=VALUE");
        }
        return value;
    }

    /** The value of an option that is one of some words, the first where it is not given. */
    public String oneOf(String option, String... allowed) throws UsageException {
        String value = value(option);
        if (value == null) {
            return allowed[0];
        }
        if (!List.of(allowed).contains(value)) {
            throw new UsageException(option + " must be one of " + String.join(", ", allowed) + ": " + value);
        }
        return value;
    }

    /** The value of an option that is a whole number of at least 1, or null where it is not given. */
    public @Nullable Long number(String option) throws UsageException {
        String value = value(option);
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notANumber(option, value);
        }
        throw notANumber(option, value);
    }

    /** The value of an option that is a time in whole units, or {@code otherwise} where it is not given. */
    public Duration duration(String option, LongFunction<Duration> unit, Duration otherwise) throws UsageException {
        Long number = number(option);
        return number == null ? otherwise : unit.apply(number);
    }

    private static UsageException notANumber(String option, String value) {
        return new UsageException(option + " must be a whole number of at least 1: " + value);
    }
}
