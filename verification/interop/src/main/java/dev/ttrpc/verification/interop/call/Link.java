package dev.ttrpc.verification.interop.call;

import dev.ttrpc.TtrpcAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to the server under test that can be cut, stopped and narrowed: a loopback TCP port, behind which bytes are passed on. Server and client both
 * see a peer that is gone, slow, or writes in crumbs.
 */
final class Link implements AutoCloseable {
    private static final int WIDE = 64 << 10;
    private static final long END_MILLIS = 10_000;

    private final TtrpcAddress target;
    private final Set<SocketChannel> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocketChannel front; // this and the next: the case's
    private Thread acceptor;
    private volatile int width = WIDE;
    private final AtomicInteger connections = new AtomicInteger();
    private long bytesToClientLeft = Long.MAX_VALUE; // this and the next: guarded by this
    private boolean stopped;

    /** Whether a server at this address can be reached by a link. */
    static boolean reaches(TtrpcAddress address) {
        return address instanceof TtrpcAddress.Unix || address instanceof TtrpcAddress.Tcp;
    }

    Link(TtrpcAddress target) throws IOException {
        this.target = target;
        this.front = listen(0);
        this.acceptor = acceptFrom(front);
        this.port = ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    TtrpcAddress address() {
        return new TtrpcAddress.Tcp("127.0.0.1", port);
    }

    /** How many connections were made over it so far. */
    int connections() {
        return connections.get();
    }

    /** Passes at most so many bytes on at once. */
    void narrow(int bytes) {
        width = bytes;
    }

    /** Cuts the connection once so many bytes more have come from the server. */
    synchronized void cutAfter(long bytesToClient) {
        bytesToClientLeft = bytesToClient;
    }

    /** Passes nothing on until {@link #goOn}; what is written waits in the system's buffers. */
    synchronized void stop() {
        stopped = true;
    }

    synchronized void goOn() {
        stopped = false;
        notifyAll();
    }

    private synchronized void awaitGoOn() throws InterruptedException {
        while (stopped) {
            wait();
        }
    }

    /** Ends every connection. A new one can be made at once. */
    void cut() {
        cutAfter(Long.MAX_VALUE);
        sockets.forEach(Link::close);
    }

    /** Ends every connection and refuses new ones. */
    void takeDown() {
        close(front);
        awaitEnd(acceptor); // until it has left accept() the system's socket lives on, and can be connected to
        cut();
    }

    /** Can be connected to again. */
    void putUp() throws IOException {
        front = listen(port);
        acceptor = acceptFrom(front);
    }

    private static ServerSocketChannel listen(int wanted) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.INET);
        listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted));
        return listening;
    }

    private Thread acceptFrom(ServerSocketChannel listening) {
        return start("link", () -> {
            while (listening.isOpen()) {
                SocketChannel client = listening.accept();
                if (listening.isOpen()) {
                    join(client);
                } else {
                    close(client); // accepted while the port was closed
                }
            }
        });
    }

    private void join(SocketChannel client) {
        connections.incrementAndGet();
        sockets.add(client);
        try {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SocketChannel server = SocketChannel.open(socketAddress());
            sockets.add(server);
            if (target instanceof TtrpcAddress.Tcp) {
                server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            start("link to server", () -> pass(client, server, false));
            start("link to client", () -> pass(server, client, true));
        } catch (IOException e) {
            cut(); // the server cannot be reached, or the connection was cut already: either way it ends, and others
            // may come
        }
    }

    private SocketAddress socketAddress() {
        if (target instanceof TtrpcAddress.Tcp tcp) {
            return new InetSocketAddress(tcp.host(), tcp.port());
        }
        return UnixDomainSocketAddress.of(((TtrpcAddress.Unix) target).path());
    }

    /** Passes bytes on until one end closes, then closes the other. */
    private void pass(SocketChannel from, SocketChannel to, boolean toClient) throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(WIDE);
        try {
            while (from.read(buffer.clear().limit(width)) >= 0) {
                awaitGoOn();
                buffer.flip();
                boolean last = toClient && take(buffer);
                write(buffer, to);
                if (last) {
                    return;
                }
            }
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Leaves in the buffer what may still go to the client. Tells whether nothing may after it. */
    private synchronized boolean take(ByteBuffer buffer) {
        if (bytesToClientLeft > buffer.remaining()) {
            bytesToClientLeft -= buffer.remaining();
            return false;
        }
        buffer.limit((int) bytesToClientLeft);
        return true;
    }

    private static void write(ByteBuffer buffer, SocketChannel to) throws IOException {
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    /** What one of the link's threads does. It ends with the sockets. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        Thread.currentThread().interrupt(); // a socket was closed: that is how a link ends
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("the thread that accepts a link's connections has not ended");
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket of a link cannot be closed", e);
        }
    }

    @Override
    public void close() {
        goOn();
        takeDown();
    }
}
