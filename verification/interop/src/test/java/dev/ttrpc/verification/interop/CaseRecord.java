package dev.ttrpc.verification.interop;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Prints, where that is wanted, a line for each case of each pairing of peers: {@code ok PAIRING CASE} or
 * {@code FAILED PAIRING CASE: reason}. The cases are those of the programs that a test runs, and for a test that runs none the test
 * itself. JUnit finds this extension by its service file.
 */
public final class CaseRecord implements BeforeEachCallback, TestWatcher {
    /** Set by the command that prints the record: thousands of lines are of no use in each build. */
    private static final String WANTED = "TTRPC_RECORD";

    private static final String PASSED = "ok ";
    private static final String FAILED = "FAILED ";

    private static boolean passed;
    private static boolean failed;

    private static String running = "";

    /** Takes a line of a program that the running test started. */
    static void add(String line) {
        add(running, line);
    }

    /** Takes a line in the form of {@code call} and of the peers' clients. Others are no cases. */
    static void add(String pairing, String line) {
        for (String outcome : new String[] {PASSED, FAILED}) {
            if (line.startsWith(outcome)) {
                print(outcome, pairing, line.substring(outcome.length()));
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        passed = false;
        failed = false;
        String display = context.getDisplayName();
        running = pairing(context) + (display.startsWith("[") ? "(" + named(display) + ")" : "");
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        if (!passed) {
            print(PASSED, pairing(context), name(context));
        }
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        if (!failed) {
            print(FAILED, pairing(context), name(context) + ": " + oneLine(cause));
        }
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        print("skipped ", pairing(context), name(context) + ": " + oneLine(cause));
    }

    private static void print(String outcome, String pairing, String text) {
        passed |= outcome.equals(PASSED);
        failed |= outcome.equals(FAILED);
        if ("true".equals(System.getenv(WANTED))) {
            System.out.println(outcome + pairing + " " + text);
        }
    }

    /** The test's class in words, and of which parameters: {@code containerd(system)}. */
    private static String pairing(ExtensionContext context) {
        String name = context.getRequiredTestClass()
                .getSimpleName()
                .replaceAll("IT$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
        return name
                + Stream.iterate(
                                context.getParent(),
                                Optional::isPresent,
                                parent -> parent.flatMap(ExtensionContext::getParent))
                        .map(parent -> parent.get().getDisplayName())
                        .filter(display -> display.startsWith("["))
                        .map(display -> "(" + named(display) + ")")
                        .collect(Collectors.joining());
    }

    private static String name(ExtensionContext context) {
        String name = context.getRequiredTestMethod().getName();
        String display = context.getDisplayName();
        return display.startsWith("[") ? name + "(" + named(display) + ")" : name;
    }

    /** What a display name such as {@code [1] release = SYSTEM, stack = ASYNC} says, without blanks. */
    private static String named(String display) {
        return display.substring(display.indexOf(']') + 1)
                .replaceAll("\\w+ = ", "")
                .replaceAll("[\\s\"]|--stack=", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String oneLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
    }
}
