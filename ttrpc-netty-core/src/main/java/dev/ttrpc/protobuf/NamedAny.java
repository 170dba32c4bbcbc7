package dev.ttrpc.protobuf;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/**
 * Packs and unpacks {@link Any} as containerd and its shims write it: the type URL is the message's full name, without host and slash ({@code
 * containerd.events.TaskExit}). {@link Any#pack} writes a URL that containerd 1.6 refuses, and {@link Any#unpack} refuses what containerd writes.
 *
 * <p>For messages of protobuf-java; those of protobuf-javalite do not know their names.
 */
public final class NamedAny {
    private NamedAny() {}

    /** The message with its full name as type URL. */
    public static Any pack(Message message) {
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }

    /** The name of the type that is packed, from a type URL of either form: what stands behind the last slash, or all of it. */
    public static String typeName(Any any) {
        String url = any.getTypeUrl();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Whether a message of the type of {@code prototype} is packed, whatever the form of the type URL. */
    public static boolean is(Any any, Message prototype) {
        return typeName(any).equals(prototype.getDescriptorForType().getFullName());
    }

    /**
     * The packed message, whatever the form of the type URL.
     *
     * @param prototype a message of the type wanted, for example its default instance
     * @throws InvalidProtocolBufferException where another type is packed, or the bytes are no message of this one
     */
    @SuppressWarnings("unchecked") // a message's parser is of the message's type
    public static <T extends Message> T unpack(Any any, T prototype) throws InvalidProtocolBufferException {
        if (!is(any, prototype)) {
            throw new InvalidProtocolBufferException("not a "
                    + prototype.getDescriptorForType().getFullName() + " but a "
                    + (any.getTypeUrl().isEmpty() ? "message without a type" : any.getTypeUrl()));
        }
        return (T) prototype.getParserForType().parseFrom(any.getValue());
    }
}
