package dev.ttrpc.spring.greeter;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.TtrpcContract;

/** Served, blocking. */
@TtrpcContract(GreeterTtrpc.class)
public interface Greeter {
    default String sayHello(String request) throws Exception {
        throw GreeterTtrpc.SAY_HELLO.unimplemented();
    }

    default void repeat(String request, MessageWriter<String> responses) throws Exception {
        throw GreeterTtrpc.REPEAT.unimplemented();
    }

    default String join(MessageReader<String> requests) throws Exception {
        throw GreeterTtrpc.JOIN.unimplemented();
    }

    default void chat(MessageReader<String> requests, MessageWriter<String> responses) throws Exception {
        throw GreeterTtrpc.CHAT.unimplemented();
    }
}
