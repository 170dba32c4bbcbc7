package dev.ttrpc.tck;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Runs a class of the Reactive Streams TCK, which is written for TestNG, as tests of JUnit. What the TCK skips is skipped with its reason. */
final class TckRun {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private TckRun() {}

    /** The TCK's tests, one for each rule. */
    static Stream<DynamicTest> of(Object verification) {
        List<Method> rules = annotated(verification, Test.class);
        if (rules.isEmpty()) {
            throw new IllegalStateException("no rules in " + verification.getClass());
        }
        return Stream.of(
                        Stream.of(DynamicTest.dynamicTest("begin", () -> invokeAll(verification, BeforeClass.class))),
                        rules.stream()
                                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> {
                                    invokeAll(verification, BeforeMethod.class);
                                    invoke(verification, rule);
                                })),
                        Stream.of(DynamicTest.dynamicTest("end", () -> invokeAll(verification, AfterClass.class))))
                .flatMap(tests -> tests);
    }

    private static List<Method> annotated(Object verification, Class<? extends Annotation> annotation) {
        return Arrays.stream(verification.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static void invokeAll(Object verification, Class<? extends Annotation> annotation) throws Exception {
        for (Method method : annotated(verification, annotation)) {
            invoke(verification, method);
        }
    }

    private static void invoke(Object verification, Method method) throws Exception {
        try {
            method.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage(), skipped);
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
