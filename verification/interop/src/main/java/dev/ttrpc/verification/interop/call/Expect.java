package dev.ttrpc.verification.interop.call;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What cases say about what they saw. */
final class Expect {
    private Expect() {}

    static void equal(String what, @Nullable Object actual, @Nullable Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new CaseFailedException(what + " is " + actual + ", not " + expected);
        }
    }

    static void isTrue(String what, boolean actual) {
        if (!actual) {
            throw new CaseFailedException("it is not so that " + what);
        }
    }

    static <T> T notNull(String what, @Nullable T actual) {
        if (actual == null) {
            throw new CaseFailedException("there is no " + what);
        }
        return actual;
    }

    /** The failure that code ends with which throws no checked exception. */
    static TtrpcException thrown(Supplier<?> call) {
        Object answer;
        try {
            answer = call.get();
        } catch (TtrpcException e) {
            return e;
        }
        throw new CaseFailedException("the call succeeded with " + answer);
    }

    /** The failure that a call ends with. */
    static TtrpcException failure(Callable<?> call) throws Exception {
        Object answer;
        try {
            answer = call.call();
        } catch (TtrpcException e) {
            return e;
        }
        throw new CaseFailedException("the call succeeded with " + answer);
    }

    /** That a call ends with a code, whatever the text. */
    static Status status(StatusCode code, Callable<?> call) throws Exception {
        Status status = failure(call).status();
        if (status.code() != code) {
            throw new CaseFailedException("the call ended with " + status + ", not with " + code);
        }
        return status;
    }

    /** That a call ends with a code and exactly this text. */
    static Status status(StatusCode code, String description, Callable<?> call) throws Exception {
        Status status = status(code, call);
        equal("the text of " + code, status.description(), description);
        return status;
    }
}
