package dev.ttrpc.calls;

import dev.ttrpc.Marshaller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings as messages. The text "unparsable" does not parse. */
final class TextMarshaller implements Marshaller<String> {
    static final TextMarshaller INSTANCE = new TextMarshaller();

    @Override
    public int size(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(String message, ByteBuffer target) {
        target.put(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(ByteBuffer source) throws IOException {
        String text = StandardCharsets.UTF_8.decode(source).toString();
        if (text.equals("unparsable")) {
            throw new IOException("not a text");
        }
        return text;
    }
}
