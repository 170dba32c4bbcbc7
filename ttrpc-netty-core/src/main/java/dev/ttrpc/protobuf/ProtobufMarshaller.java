package dev.ttrpc.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.ttrpc.Marshaller;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Encodes the messages of protobuf-java, full and lite.
 *
 * @param <T> the type of message
 */
public final class ProtobufMarshaller<T extends MessageLite> implements Marshaller<T> {
    private final Parser<T> parser;
    private final T defaultInstance;

    private ProtobufMarshaller(Parser<T> parser, T defaultInstance) {
        this.parser = parser;
        this.defaultInstance = defaultInstance;
    }

    /** The marshaller of the type of {@code defaultInstance}. */
    @SuppressWarnings("unchecked") // a message's parser is of the message's type
    public static <T extends MessageLite> ProtobufMarshaller<T> of(T defaultInstance) {
        return new ProtobufMarshaller<>((Parser<T>) defaultInstance.getParserForType(), defaultInstance);
    }

    @Override
    public int size(T message) {
        return message.getSerializedSize();
    }

    @Override
    public void write(T message, ByteBuffer target) throws IOException {
        CodedOutputStream output = CodedOutputStream.newInstance(target);
        message.writeTo(output);
        output.flush();
    }

    @Override
    public T parse(ByteBuffer source) throws IOException {
        return source.hasRemaining() ? parser.parseFrom(CodedInputStream.newInstance(source)) : defaultInstance;
    }
}
