/** The ttrpc protocol on Netty: client, server and transports. */
module dev.ttrpc {
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    requires static io.netty.transport.unix.common;
    requires static com.google.protobuf;
    requires static transitive org.jspecify;
    requires static jdk.net;
    requires org.slf4j;

    exports dev.ttrpc;
    exports dev.ttrpc.client;
    exports dev.ttrpc.protobuf;
    exports dev.ttrpc.server;
    exports dev.ttrpc.transport;
}
