package dev.ttrpc.verification.codegen;

import com.google.protobuf.Message;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/** Default instances of messages, by the types in generated signatures. */
final class Messages {
    private Messages() {}

    /** Of the message itself, or of the message that the reader, writer, publisher, future or call is of. */
    static Message defaultOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            return defaultOf(generic.getActualTypeArguments()[0]);
        }
        try {
            return (Message) ((Class<?>) type).getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Of what a call answers with: the last type argument of an upload or duplex call. */
    static Message replyOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return defaultOf(arguments[arguments.length - 1]);
        }
        return defaultOf(type);
    }
}
