package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;
import dev.ttrpc.conformance.v1.Plan;
import org.jspecify.annotations.Nullable;

/** What the {@link Plan} of a call says at each point of it. The plan of a message without one plans nothing. */
record Planned(Plan plan) {
    static final Planned NOTHING = new Planned(Plan.getDefaultInstance());

    /** The plan, once its delay has passed: a plain sleep, whatever becomes of the call meanwhile. */
    static Planned begin(Plan plan) throws InterruptedException {
        if (plan.getDelayMillis() > 0) {
            Thread.sleep(plan.getDelayMillis());
        }
        return new Planned(plan);
    }

    /** Whether the call ends in another way than well. */
    boolean ends() {
        return plan.getStatusCode() != 0 || !plan.getThrowMessage().isEmpty() || plan.getReturnNothing();
    }

    /** Whether a stream ends once so many messages were handled. */
    boolean endsAfter(long messages) {
        return messages == plan.getAfterMessages() && (messages > 0 || ends());
    }

    /** What the plan ends the call with, or null where it returns nothing or ends a stream well. */
    @Nullable
    RuntimeException failure() {
        if (plan.getStatusCode() != 0) {
            return Status.forCodeValue(plan.getStatusCode())
                    .withDescription(plan.getStatusMessage())
                    .withDetails(plan.getStatusDetailsList().stream()
                            .map(any -> new Status.Detail(
                                    any.getTypeUrl(), any.getValue().toByteArray()))
                            .toList())
                    .asException();
        }
        return plan.getThrowMessage().isEmpty() ? null : new RuntimeException(plan.getThrowMessage());
    }

    /** Throws the {@link #failure}, if there is one. */
    void fail() {
        RuntimeException failure = failure();
        if (failure != null) {
            throw failure;
        }
    }
}
