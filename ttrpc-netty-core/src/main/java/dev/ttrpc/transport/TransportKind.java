package dev.ttrpc.transport;

/** By which of the system's interfaces sockets are driven. */
public enum TransportKind {
    /** The best that is there: epoll on Linux, kqueue on macOS and BSD, else NIO. Never io_uring. */
    AUTO,
    /** Linux's epoll; has abstract names and full peer credentials. */
    EPOLL,
    /** The kqueue of macOS and BSD. */
    KQUEUE,
    /** Linux's io_uring; slower than epoll for small messages, so only on request. */
    IO_URING,
    /** Java's own sockets; everywhere, without abstract names and without the peer's process id. */
    NIO
}
