package dev.ttrpc.spring.greeter;

import dev.ttrpc.TtrpcContract;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Served, async. */
@TtrpcContract(GreeterTtrpc.class)
public interface GreeterAsync {
    default CompletionStage<String> sayHello(String request) {
        throw GreeterTtrpc.SAY_HELLO.unimplemented();
    }

    default Flow.Publisher<String> repeat(String request) {
        throw GreeterTtrpc.REPEAT.unimplemented();
    }

    default CompletionStage<String> join(Flow.Publisher<String> requests) {
        throw GreeterTtrpc.JOIN.unimplemented();
    }

    default Flow.Publisher<String> chat(Flow.Publisher<String> requests) {
        throw GreeterTtrpc.CHAT.unimplemented();
    }
}
