package dev.ttrpc.spring.boot.autoconfigure;

import dev.ttrpc.transport.TransportKind;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Event loops, shared by sockets and channels.
 *
 * @param transport Which of the system's interfaces drives the sockets.
 * @param eventLoopThreads Largest number of event loops for each transport. By default, the number of processors.
 */
@ConfigurationProperties("ttrpc.netty")
public record TtrpcNettyProperties(
        @DefaultValue("auto") TransportKind transport,
        @Nullable Integer eventLoopThreads) {}
