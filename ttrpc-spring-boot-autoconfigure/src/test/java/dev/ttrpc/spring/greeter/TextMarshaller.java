package dev.ttrpc.spring.greeter;

import dev.ttrpc.Marshaller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Texts as their UTF-8 bytes. */
enum TextMarshaller implements Marshaller<String> {
    INSTANCE;

    @Override
    public int size(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(String message, ByteBuffer target) {
        target.put(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(ByteBuffer source) {
        return StandardCharsets.UTF_8.decode(source).toString();
    }
}
