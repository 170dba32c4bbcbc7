package dev.ttrpc.internal.codec;

import dev.ttrpc.Metadata;
import io.netty.buffer.ByteBuf;

/**
 * The body of a Request, read in place:
 *
 * <pre>
 *   string service = 1; string method = 2; bytes payload = 3; int64 timeout_nano = 4; repeated KeyValue metadata = 5;
 *   KeyValue: string key = 1; string value = 2;
 * </pre>
 *
 * One object serves all Requests of a connection, one after the other; its ranges hold while the buffer does.
 */
public final class RequestEnvelope {
    private static final int SERVICE = ProtoCursor.tag(1, ProtoCursor.LENGTH_DELIMITED);
    private static final int METHOD = ProtoCursor.tag(2, ProtoCursor.LENGTH_DELIMITED);
    private static final int PAYLOAD = ProtoCursor.tag(3, ProtoCursor.LENGTH_DELIMITED);
    private static final int TIMEOUT = ProtoCursor.tag(4, ProtoCursor.VARINT);
    private static final int METADATA = ProtoCursor.tag(5, ProtoCursor.LENGTH_DELIMITED);
    private static final int KEY = ProtoCursor.tag(1, ProtoCursor.LENGTH_DELIMITED);
    private static final int VALUE = ProtoCursor.tag(2, ProtoCursor.LENGTH_DELIMITED);

    private final int maxMetadata;

    private int serviceIndex;
    private int serviceLength;
    private int methodIndex;
    private int methodLength;
    private int payloadIndex;
    private int payloadLength;
    private long timeoutNano;
    private Metadata metadata = Metadata.EMPTY;
    private boolean metadataTooLarge;

    /**
     * Sets the limit of metadata, which counts all that their fields take in the body: a pair without key and value is two bytes.
     *
     * @param maxMetadata how many bytes of metadata are kept; beyond, {@link #metadataTooLarge} says so
     */
    public RequestEnvelope(int maxMetadata) {
        this.maxMetadata = maxMetadata;
    }

    /**
     * Reads a body.
     *
     * @throws MalformedException where it is no Request
     */
    public void parse(ByteBuf buffer, int index, int length) throws MalformedException {
        serviceIndex = index;
        serviceLength = 0;
        methodIndex = index;
        methodLength = 0;
        payloadIndex = index;
        payloadLength = 0;
        timeoutNano = 0;
        metadata = Metadata.EMPTY;
        metadataTooLarge = false;
        Metadata.Builder pairs = null;
        int metadataBytes = 0;
        ProtoCursor cursor = new ProtoCursor(buffer, index, length);
        while (cursor.next()) {
            int tag = cursor.tag();
            if (tag == SERVICE) {
                serviceIndex = cursor.valueIndex();
                serviceLength = cursor.valueLength();
            } else if (tag == METHOD) {
                methodIndex = cursor.valueIndex();
                methodLength = cursor.valueLength();
            } else if (tag == PAYLOAD) {
                payloadIndex = cursor.valueIndex();
                payloadLength = cursor.valueLength();
            } else if (tag == TIMEOUT) {
                timeoutNano = cursor.varint();
            } else if (tag == METADATA) {
                metadataBytes += cursor.fieldLength();
                if (metadataBytes > maxMetadata) {
                    metadataTooLarge = true;
                } else {
                    if (pairs == null) {
                        pairs = Metadata.builder();
                    }
                    addPair(pairs, cursor.message());
                }
            } else {
                cursor.skip();
            }
        }
        if (pairs != null && !metadataTooLarge) {
            metadata = pairs.build();
        }
    }

    private static void addPair(Metadata.Builder pairs, ProtoCursor pair) throws MalformedException {
        String key = "";
        String value = "";
        while (pair.next()) {
            if (pair.tag() == KEY) {
                key = pair.text();
            } else if (pair.tag() == VALUE) {
                value = pair.text();
            } else {
                pair.skip();
            }
        }
        pairs.addReceived(key, value);
    }

    public int serviceIndex() {
        return serviceIndex;
    }

    public int serviceLength() {
        return serviceLength;
    }

    public int methodIndex() {
        return methodIndex;
    }

    public int methodLength() {
        return methodLength;
    }

    /** The service's name as text, which must be valid UTF-8. */
    public String service(ByteBuf buffer) throws MalformedException {
        return ProtoCursor.text(buffer, serviceIndex, serviceLength);
    }

    /** The method's name as text, which must be valid UTF-8. */
    public String method(ByteBuf buffer) throws MalformedException {
        return ProtoCursor.text(buffer, methodIndex, methodLength);
    }

    public int payloadIndex() {
        return payloadIndex;
    }

    /** 0 where the payload is empty or absent, which mean the same. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Nanoseconds; 0 where there is no deadline, negative where it has passed. */
    public long timeoutNano() {
        return timeoutNano;
    }

    public Metadata metadata() {
        return metadata;
    }

    public boolean metadataTooLarge() {
        return metadataTooLarge;
    }
}
