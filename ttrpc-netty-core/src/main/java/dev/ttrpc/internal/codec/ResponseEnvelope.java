package dev.ttrpc.internal.codec;

import dev.ttrpc.Status;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a Response, read in place:
 *
 * <pre>
 *   google.rpc.Status status = 1; bytes payload = 2;
 *   Status: int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3;
 *   Any: string type_url = 1; bytes value = 2;
 * </pre>
 *
 * One object serves all Responses of a connection, one after the other; its ranges hold while the buffer does.
 */
public final class ResponseEnvelope {
    private static final int STATUS = ProtoCursor.tag(1, ProtoCursor.LENGTH_DELIMITED);
    private static final int PAYLOAD = ProtoCursor.tag(2, ProtoCursor.LENGTH_DELIMITED);
    private static final int CODE = ProtoCursor.tag(1, ProtoCursor.VARINT);
    private static final int MESSAGE = ProtoCursor.tag(2, ProtoCursor.LENGTH_DELIMITED);
    private static final int DETAIL = ProtoCursor.tag(3, ProtoCursor.LENGTH_DELIMITED);
    private static final int TYPE_URL = ProtoCursor.tag(1, ProtoCursor.LENGTH_DELIMITED);
    private static final int VALUE = ProtoCursor.tag(2, ProtoCursor.LENGTH_DELIMITED);

    private Status status = Status.OK;
    private int payloadIndex;
    private int payloadLength;

    /**
     * Reads a body.
     *
     * @throws MalformedException where it is no Response
     */
    public void parse(ByteBuf buffer, int index, int length) throws MalformedException {
        status = Status.OK;
        payloadIndex = index;
        payloadLength = 0;
        ProtoCursor cursor = new ProtoCursor(buffer, index, length);
        while (cursor.next()) {
            if (cursor.tag() == PAYLOAD) {
                payloadIndex = cursor.valueIndex();
                payloadLength = cursor.valueLength();
            } else if (cursor.tag() == STATUS) {
                status = status(cursor.message());
            } else {
                cursor.skip();
            }
        }
    }

    /** OK where the Response has none. */
    public Status status() {
        return status;
    }

    public int payloadIndex() {
        return payloadIndex;
    }

    public int payloadLength() {
        return payloadLength;
    }

    private static Status status(ProtoCursor cursor) throws MalformedException {
        int code = 0;
        String message = "";
        List<Status.Detail> details = new ArrayList<>();
        while (cursor.next()) {
            if (cursor.tag() == CODE) {
                code = (int) cursor.varint();
            } else if (cursor.tag() == MESSAGE) {
                message = new String(
                        cursor.bytes(), StandardCharsets.UTF_8); // an error's text is never worth losing the error
            } else if (cursor.tag() == DETAIL) {
                details.add(detail(cursor.message()));
            } else {
                cursor.skip();
            }
        }
        if (code == 0) {
            return Status.OK;
        }
        return Status.forCodeValue(code).withDescription(message).withDetails(details);
    }

    private static Status.Detail detail(ProtoCursor cursor) throws MalformedException {
        String typeUrl = "";
        byte[] value = {};
        while (cursor.next()) {
            if (cursor.tag() == TYPE_URL) {
                typeUrl = cursor.text();
            } else if (cursor.tag() == VALUE) {
                value = cursor.bytes();
            } else {
                cursor.skip();
            }
        }
        return new Status.Detail(typeUrl, value);
    }
}
