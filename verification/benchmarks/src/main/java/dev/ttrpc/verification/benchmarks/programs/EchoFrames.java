package dev.ttrpc.verification.benchmarks.programs;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.verification.benchmarks.load.RawFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Answers each Request with its message, and does nothing else that a server does: no names, no statuses, no streams, no limits. What Netty
 * and protobuf allow, and so the ceiling.
 */
final class EchoFrames extends ChannelInboundHandlerAdapter {
    private static final int PAYLOAD_FIELD = 3;
    private static final int PAYLOAD_TAG = PAYLOAD_FIELD << 3 | 2;
    private static final int RESPONSE_TAG = 2 << 3 | 2;

    /** A frame that has not come as a whole. */
    private @Nullable ByteBuf partial;

    private @Nullable ByteBuf output;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
        ByteBuf input = (ByteBuf) message;
        try {
            ByteBuf begun = partial;
            if (begun != null && !complete(begun, input)) {
                return;
            }
            if (begun != null) {
                partial = null;
                answer(context, begun);
                begun.release();
            }
            while (input.readableBytes() >= size(input)) {
                answer(context, input);
            }
            if (input.isReadable()) {
                partial = context.alloc().directBuffer(size(input)).writeBytes(input);
            }
        } finally {
            input.release();
        }
    }

    /** The size of the frame that begins there, as far as it is known. */
    private static int size(ByteBuf input) {
        return input.readableBytes() < RawFrames.HEADER
                ? RawFrames.HEADER
                : RawFrames.HEADER + input.getInt(input.readerIndex());
    }

    private static boolean complete(ByteBuf begun, ByteBuf input) {
        while (begun.readableBytes() < size(begun)) {
            int wanted = Math.min(size(begun) - begun.readableBytes(), input.readableBytes());
            if (wanted == 0) {
                return false;
            }
            begun.ensureWritable(wanted).writeBytes(input, wanted);
        }
        return true;
    }

    private void answer(ChannelHandlerContext context, ByteBuf input) throws IOException {
        int length = input.readInt();
        int id = input.readInt();
        input.skipBytes(2);
        EchoMessage request = parse(input.nioBuffer(input.readerIndex(), length));
        input.skipBytes(length);
        EchoMessage answer = BlockingEcho.answer(request);
        int size = answer.getSerializedSize();
        int body = size == 0 ? 0 : 1 + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
        ByteBuf frames = room(context, RawFrames.HEADER + body);
        frames.writeInt(body).writeInt(id).writeByte(RawFrames.RESPONSE).writeByte(0);
        if (size > 0) {
            CodedOutputStream coded =
                    CodedOutputStream.newInstance(frames.internalNioBuffer(frames.writerIndex(), body));
            coded.writeUInt32NoTag(RESPONSE_TAG);
            coded.writeUInt32NoTag(size);
            answer.writeTo(coded);
            coded.flush();
            frames.writerIndex(frames.writerIndex() + body);
        }
    }

    /** A buffer that takes so many bytes more: the one that holds the answers of this read, or a new one. */
    private ByteBuf room(ChannelHandlerContext context, int bytes) {
        ByteBuf current = output;
        if (current != null && current.writableBytes() >= bytes) {
            return current;
        }
        flush(context);
        current = context.alloc().directBuffer(Math.max(bytes, 16 * 1024));
        output = current;
        return current;
    }

    private void flush(ChannelHandlerContext context) {
        ByteBuf current = output;
        if (current != null) {
            output = null;
            context.write(current, context.voidPromise());
        }
    }

    private static EchoMessage parse(ByteBuffer envelope) throws IOException {
        CodedInputStream input = CodedInputStream.newInstance(envelope);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == PAYLOAD_TAG) {
                int limit = input.pushLimit(input.readRawVarint32());
                EchoMessage message = EchoMessage.parseFrom(input);
                input.popLimit(limit);
                return message;
            }
            input.skipField(tag);
        }
        return EchoMessage.getDefaultInstance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush(context);
        context.flush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (partial != null) {
            partial.release();
        }
        if (output != null) {
            output.release();
        }
    }
}
