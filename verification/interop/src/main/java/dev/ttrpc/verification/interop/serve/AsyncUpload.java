package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Counts one upload. Takes one message at a time. */
final class AsyncUpload implements Flow.Subscriber<UploadRequest> {
    private final Turns turns = new Turns();
    private final CompletableFuture<@Nullable UploadResponse> answer = new CompletableFuture<>();
    private final UploadResponse.Builder tally;
    private Planned plan = Planned.NOTHING;
    private Flow.@Nullable Subscription requests;
    private boolean messageHeld;
    private boolean inputEnded;

    AsyncUpload(CallInfo call) {
        this.tally = UploadResponse.newBuilder().setCall(call);
    }

    CompletableFuture<@Nullable UploadResponse> answer() {
        return answer;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        requests = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(UploadRequest request) {
        turns.run(() -> {
            messageHeld = true;
            if (tally.getMessages() == 0) {
                plan = new Planned(request.getPlan());
                turns.runAfter(request.getPlan().getDelayMillis(), () -> count(request));
            } else {
                count(request);
            }
        });
    }

    private void count(UploadRequest request) {
        messageHeld = false;
        if (tally.getMessages() == 0 && plan.endsAfter(0)) {
            endAsPlanned();
            return;
        }
        Answers.count(request, tally);
        if (plan.endsAfter(tally.getMessages())) {
            endAsPlanned();
        } else if (inputEnded) {
            answer.complete(tally.build());
        } else if (requests != null) {
            requests.request(1);
        }
    }

    private void endAsPlanned() {
        if (requests != null) {
            requests.cancel();
        }
        RuntimeException failure = plan.failure();
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            answer.complete(plan.ends() ? null : tally.build());
        }
    }

    @Override
    public void onComplete() {
        turns.run(() -> {
            inputEnded = true;
            if (!messageHeld) {
                answer.complete(tally.build());
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }
}
