package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.ByteString;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import java.util.concurrent.Flow;

/** Publishes the messages of a download to each subscriber from the first on, as fast as it asks. */
final class AsyncDownload implements Flow.Publisher<DownloadResponse> {
    private final DownloadRequest request;
    private final Planned plan;
    private final ByteString payload;

    AsyncDownload(DownloadRequest request) {
        this.request = request;
        this.plan = new Planned(request.getPlan());
        this.payload = Answers.zeros(request.getSize());
    }

    @Override
    public void subscribe(Flow.Subscriber<? super DownloadResponse> subscriber) {
        Emission emission = new Emission(subscriber);
        subscriber.onSubscribe(emission);
        emission.begin();
    }

    /** One subscriber's run through the messages. What changes does so in turns. */
    private final class Emission implements Flow.Subscription {
        private final Turns turns = new Turns();
        private final Flow.Subscriber<? super DownloadResponse> subscriber;
        private long demand;
        private int number;
        private boolean pausing = true;
        private boolean paused;
        private boolean ended;

        Emission(Flow.Subscriber<? super DownloadResponse> subscriber) {
            this.subscriber = subscriber;
        }

        void begin() {
            turns.runAfter(request.getPlan().getDelayMillis(), () -> {
                pausing = false;
                emit();
            });
        }

        @Override
        public void request(long n) {
            turns.run(() -> {
                if (n <= 0) {
                    fail(new IllegalArgumentException("demand must be positive: " + n));
                    return;
                }
                demand = Math.max(demand + n, n);
                emit();
            });
        }

        @Override
        public void cancel() {
            turns.run(() -> ended = true);
        }

        private void emit() {
            while (!ended && !pausing) {
                if (plan.endsAfter(number)) {
                    endAsPlanned();
                } else if (number >= request.getCount()) {
                    complete();
                } else if (demand == 0) {
                    return;
                } else if (request.getDelayMillis() > 0 && !paused) {
                    pause();
                } else {
                    paused = false;
                    demand--;
                    subscriber.onNext(Answers.download(number++, payload));
                }
            }
        }

        private void pause() {
            pausing = true;
            turns.runAfter(request.getDelayMillis(), () -> {
                pausing = false;
                paused = true;
                emit();
            });
        }

        private void endAsPlanned() {
            RuntimeException failure = plan.failure();
            if (failure != null) {
                fail(failure);
            } else {
                complete();
            }
        }

        private void complete() {
            ended = true;
            subscriber.onComplete();
        }

        private void fail(RuntimeException failure) {
            if (!ended) {
                ended = true;
                subscriber.onError(failure);
            }
        }
    }
}
