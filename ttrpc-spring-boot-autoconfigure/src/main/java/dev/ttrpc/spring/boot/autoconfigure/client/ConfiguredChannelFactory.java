package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcServerAddresses;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import dev.ttrpc.spring.boot.autoconfigure.client.ConfiguredChannels.Target;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes channels out of properties, interceptors and customizers, and keeps them while the application context is open. */
final class ConfiguredChannelFactory implements TtrpcChannelFactory, DisposableBean {
    private static final Log logger = LogFactory.getLog(ConfiguredChannelFactory.class);

    private final ConfiguredChannels configured;
    private final ChannelInterceptors interceptors;
    private final TtrpcCallbackExecutor callbacks;
    private final TransportResources resources;
    private final List<TtrpcChannelCustomizer> customizers;
    private final ObjectProvider<TtrpcServerAddresses> ownSockets;
    private final BeanFactory beans;
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    ConfiguredChannelFactory(
            ConfiguredChannels configured,
            ChannelInterceptors interceptors,
            TtrpcCallbackExecutor callbacks,
            TransportResources resources,
            List<TtrpcChannelCustomizer> customizers,
            ObjectProvider<TtrpcServerAddresses> ownSockets,
            BeanFactory beans) {
        this.configured = configured;
        this.interceptors = interceptors;
        this.callbacks = callbacks;
        this.resources = resources;
        this.customizers = customizers;
        this.ownSockets = ownSockets;
        this.beans = beans;
    }

    private record Made(ReopenableChannel channel, Duration grace) {}

    @Override
    public TtrpcChannel get(String channelOrAddress) {
        Target target = configured.find(channelOrAddress);
        Made existing = made.get(target.label());
        if (existing != null) {
            return existing.channel();
        }
        Made fresh = make(target); // not within the map: an interceptor may have a client of another channel
        existing = made.putIfAbsent(target.label(), fresh);
        if (existing == null) {
            return fresh.channel();
        }
        fresh.channel().close();
        return existing.channel();
    }

    @Override
    public void close(String channelOrAddress) {
        Made closing = made.remove(configured.find(channelOrAddress).label());
        if (closing != null) {
            closing.channel().close();
        }
    }

    @Override
    public void destroy() {
        made.values().forEach(one -> one.channel().close());
    }

    /**
     * Opens the channels that are to be connected when the application starts, and checks those to its own sockets.
     *
     * @throws FailureAnalyzedException where one that is required cannot be connected, or a socket is not there
     */
    void start() {
        for (String name : configured.names()) {
            Target target = configured.find(name);
            if (target.address() == null) {
                checkSocket(target);
            }
            switch (Objects.requireNonNull(target.settings().connect())) {
                case LAZY -> {}
                case EAGER -> connect(name, target);
                case REQUIRED -> require(name, target);
            }
        }
    }

    /** Closes every channel as its settings say; the next call through one opens it again. */
    CompletableFuture<Void> release() {
        return CompletableFuture.allOf(made.values().stream()
                .map(one -> one.channel().release(one.grace()))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void connect(String name, Target target) {
        get(name).connect().whenComplete((connected, failure) -> {
            if (failure != null) {
                logger.warn("ttrpc channel '" + name + "' could not connect to " + target.address() + " at the start: "
                        + failure.getMessage());
            }
        });
    }

    private void require(String name, Target target) {
        try {
            get(name).connect().join();
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new FailureAnalyzedException(
                    "Channel '" + name + "' is required at the start but cannot connect to " + target.address() + ". "
                            + cause.getMessage(),
                    "Start the server at that address first, or set " + ChannelKeys.of(name, "connect")
                            + " to eager or lazy.",
                    e);
        }
    }

    private Made make(Target target) {
        Parts parts = new Parts(
                target,
                interceptors.find(target.name(), target.settings().interceptors()),
                callbackExecutor(target.settings().executor()));
        Duration grace = Objects.requireNonNull(target.settings().shutdown().gracePeriod());
        TtrpcAddress address = target.address();
        if (address == null) {
            String socket = Objects.requireNonNull(target.settings().socket());
            TtrpcAddress placeholder = new TtrpcAddress.Custom("socket", socket);
            return new Made(new ReopenableChannel(placeholder, () -> build(parts, ownSocket(socket))), grace);
        }
        ReopenableChannel channel = new ReopenableChannel(address, () -> build(parts, address));
        channel.openNow();
        return new Made(channel, grace);
    }

    /** What a channel is made of that is looked up once, when a client asks for it. */
    private record Parts(Target target, List<ClientInterceptor> interceptors, Executor callbacks) {}

    private TtrpcChannel build(Parts parts, TtrpcAddress address) {
        Target target = parts.target();
        TtrpcChannel.Builder builder = TtrpcChannel.builder().resources(resources);
        try {
            builder.address(address);
            new ChannelSettings(target.settings()).applyTo(builder);
            builder.callbackExecutor(parts.callbacks());
            builder.intercept(ChannelInterceptors.chain(parts.interceptors(), target.name(), address));
            customizers.forEach(customizer -> customizer.customize(target.label(), builder));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new FailureAnalyzedException(
                    "Channel '" + target.label() + "' is configured wrongly. " + e.getMessage(),
                    "Change the settings under "
                            + (target.name() == null ? "" : "ttrpc.client.channel." + target.name() + " or ")
                            + "ttrpc.client.channel-defaults.",
                    e);
        }
    }

    private Executor callbackExecutor(@Nullable String bean) {
        return bean == null ? callbacks.executor() : beans.getBean(bean, Executor.class);
    }

    private TtrpcAddress ownSocket(String socket) {
        TtrpcServerAddresses addresses = ownSockets.getIfAvailable();
        TtrpcAddress address = addresses == null ? null : addresses.find(socket);
        if (address == null) {
            throw new TtrpcException(
                    Status.UNAVAILABLE.withDescription("socket '" + socket + "' of this application does not listen"),
                    TtrpcException.Origin.LIBRARY,
                    null);
        }
        return address;
    }

    private void checkSocket(Target target) {
        TtrpcServerAddresses addresses = ownSockets.getIfAvailable();
        String socket = Objects.requireNonNull(target.settings().socket());
        if (addresses == null || addresses.sockets().stream().noneMatch(name -> EntryNames.equal(name, socket))) {
            String served =
                    addresses == null ? "It serves none." : "It serves: " + EntryNames.list(addresses.sockets()) + ".";
            throw new FailureAnalyzedException(
                    "Channel '" + target.name() + "' is to connect to the socket '" + socket
                            + "' of this application, which it does not serve. " + served,
                    "Correct " + ChannelKeys.of(target.label(), "socket") + ", or set "
                            + ChannelKeys.of(target.label(), "address") + " instead if the server is elsewhere.");
        }
    }
}
