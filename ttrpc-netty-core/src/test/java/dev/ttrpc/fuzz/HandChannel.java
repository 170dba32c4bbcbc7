package dev.ttrpc.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/** A connection whose peer, and the socket between, is the test: it reads what is put in, when it wants to and as much as it wants to, and its output is taken or not. */
public final class HandChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final SocketAddress ADDRESS = new SocketAddress() {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return "fuzz";
        }
    };

    private final DefaultChannelConfig config = new DefaultChannelConfig(this);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean open = true;
    private boolean connected;
    private boolean readWanted;
    private byte[] unread = {};
    private int unreadAt;
    private int room = Integer.MAX_VALUE;
    private long taken;

    /** @param connected whether it is from the beginning, as an accepted one is */
    public HandChannel(ByteBufAllocator allocator, boolean connected) {
        super(null);
        this.connected = connected;
        config.setAllocator(allocator);
    }

    // The peer's side

    /** Puts bytes into the socket. */
    public void put(byte[] bytes) {
        int left = unread();
        byte[] all = Arrays.copyOfRange(unread, unreadAt, unreadAt + left + bytes.length);
        System.arraycopy(bytes, 0, all, left, bytes.length);
        unread = all;
        unreadAt = 0;
    }

    /** How many bytes were put and not read. */
    public int unread() {
        return unread.length - unreadAt;
    }

    /** Whether a read would be made now. */
    public boolean wantsToRead() {
        return open && readWanted && unread() > 0;
    }

    /**
     * Makes one read, of at most {@code most} bytes and at most what the channel makes room for. On the event loop.
     *
     * @param seen told what is read, before the pipeline is
     */
    public void read(int most, java.util.function.Consumer<byte[]> seen) {
        if (!wantsToRead()) {
            return;
        }
        readWanted = false;
        RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        int size = Math.min(Math.min(most, handle.guess()), unread());
        int capacity = Math.min(handle.guess(), 2 * size); // else most of the time goes into making buffers
        ByteBuf buffer = config.getAllocator().heapBuffer(capacity, capacity);
        buffer.writeBytes(unread, unreadAt, size);
        seen.accept(Arrays.copyOfRange(unread, unreadAt, unreadAt + size));
        unreadAt += size;
        handle.lastBytesRead(size);
        handle.incMessagesRead(1);
        pipeline().fireChannelRead(buffer);
        handle.readComplete();
        pipeline().fireChannelReadComplete();
    }

    /** How many more bytes of output the socket takes. On the event loop. */
    public void makeRoom(int bytes) {
        room = bytes;
        ((HandUnsafe) unsafe()).flushAgain();
    }

    /** How many bytes of output the socket has taken in all. */
    public long taken() {
        return taken;
    }

    /** What was handed over for writing since the last time. */
    public byte[] takeWritten() {
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    /** The peer, or the system, ends the connection. On the event loop. */
    public void end(boolean byFailure) {
        if (open) {
            if (byFailure) {
                pipeline().fireExceptionCaught(new IOException("reset"));
            }
            unsafe().close(voidPromise());
        }
    }

    // The pipeline's side

    @Override
    protected Object filterOutboundMessage(Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), copy);
        written.writeBytes(copy);
        return message;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        while (room > 0 && !out.isEmpty()) {
            int size = ((ByteBuf) out.current()).readableBytes();
            int fits = Math.min(size, room);
            room -= room == Integer.MAX_VALUE ? 0 : fits;
            taken += fits;
            out.removeBytes(fits);
            if (size == 0) {
                out.remove();
            }
        }
    }

    @Override
    protected void doBeginRead() {
        readWanted = true;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new HandUnsafe();
    }

    private final class HandUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            if (!open) {
                promise.tryFailure(new ClosedChannelException());
                return;
            }
            connected = true;
            promise.trySuccess();
            pipeline().fireChannelActive();
        }

        void flushAgain() {
            flush0();
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof HandLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return ADDRESS;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return ADDRESS;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && connected;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
