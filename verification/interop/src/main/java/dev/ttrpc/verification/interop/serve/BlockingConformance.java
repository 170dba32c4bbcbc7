package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.conformance.v1.ChatMessage;
import dev.ttrpc.conformance.v1.Conformance;
import dev.ttrpc.conformance.v1.DownloadRequest;
import dev.ttrpc.conformance.v1.DownloadResponse;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.HangRequest;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import dev.ttrpc.conformance.v1.UploadRequest;
import dev.ttrpc.conformance.v1.UploadResponse;

/** The conformance service by the blocking contract. */
final class BlockingConformance implements Conformance {
    private final Hangs hangs = new Hangs();

    @Override
    @SuppressWarnings("NullAway") // a plan may ask for null
    public UnaryResponse unary(UnaryRequest request) throws InterruptedException {
        Planned plan = Planned.begin(request.getPlan());
        if (plan.ends()) {
            plan.fail();
            return null;
        }
        return Answers.unary(request, CallInfos.current());
    }

    @Override
    public Empty nothing(Empty request) {
        return Empty.getDefaultInstance();
    }

    @Override
    @SuppressWarnings("NullAway") // a plan may ask for null
    public UploadResponse upload(MessageReader<UploadRequest> requests) throws InterruptedException {
        UploadResponse.Builder answer = UploadResponse.newBuilder().setCall(CallInfos.current());
        Planned plan = Planned.NOTHING;
        for (UploadRequest request : requests) {
            if (answer.getMessages() == 0) {
                plan = Planned.begin(request.getPlan());
                if (plan.endsAfter(0)) {
                    plan.fail();
                    return null;
                }
            }
            Answers.count(request, answer);
            if (plan.endsAfter(answer.getMessages())) {
                plan.fail();
                return plan.ends() ? null : answer.build();
            }
        }
        return answer.build();
    }

    @Override
    public void download(DownloadRequest request, MessageWriter<DownloadResponse> responses)
            throws InterruptedException {
        Planned plan = Planned.begin(request.getPlan());
        ByteString payload = Answers.zeros(request.getSize());
        for (int number = 0; !plan.endsAfter(number); number++) {
            if (number >= request.getCount()) {
                return;
            }
            if (request.getDelayMillis() > 0) {
                Thread.sleep(request.getDelayMillis());
            }
            responses.write(Answers.download(number, payload));
        }
        plan.fail();
    }

    @Override
    public void chat(MessageReader<ChatMessage> requests, MessageWriter<ChatMessage> responses)
            throws InterruptedException {
        Planned plan = Planned.NOTHING;
        int handled = 0;
        for (ChatMessage message : requests) {
            if (handled == 0) {
                plan = Planned.begin(message.getPlan());
                if (plan.endsAfter(0)) {
                    plan.fail();
                    return;
                }
            }
            responses.write(message);
            handled++;
            if (plan.endsAfter(handled)) {
                plan.fail();
                return;
            }
        }
    }

    @Override
    public Empty hang(HangRequest request) {
        hangs.begin(request).join();
        return Empty.getDefaultInstance();
    }

    @Override
    public HangCountResponse hangCount(Empty request) {
        return hangs.count();
    }
}
