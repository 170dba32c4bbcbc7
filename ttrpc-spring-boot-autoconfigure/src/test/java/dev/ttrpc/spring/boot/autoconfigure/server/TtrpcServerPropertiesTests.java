package dev.ttrpc.spring.boot.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.spring.boot.autoconfigure.ConfigurationMetadataTests;
import dev.ttrpc.spring.boot.autoconfigure.RecordWalk;
import dev.ttrpc.spring.boot.autoconfigure.server.TtrpcServerProperties.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

class TtrpcServerPropertiesTests {
    private final Map<String, Object> yaml = new LinkedHashMap<>();
    private final Map<String, Object> environment = new LinkedHashMap<>();

    @Test
    void whenNothingIsSetTheDefaultsHold() {
        TtrpcServerProperties properties = bind();
        assertThat(properties.socket()).isEmpty();
        assertThat(properties.socketDefaults()).isEqualTo(Socket.UNSET);
        assertThat(properties.shutdown()).isEqualTo(TtrpcServerProperties.Shutdown.GRACEFUL);
        assertThat(properties.error().includeMessage()).isEqualTo(TtrpcServerProperties.IncludeMessage.NEVER);
        assertThat(properties.executor())
                .isEqualTo(new TtrpcServerProperties.Executor(null, 256, 16384, Duration.ofSeconds(60)));
    }

    @Test
    void whenASocketSetsNothingItTakesTheDefaults() {
        yaml.put("ttrpc.server.socket.main.address", "unix:///run/main.sock");
        Socket main = bind().effectiveSockets().get("main");
        assertThat(main.enabled()).isTrue();
        assertThat(main.address()).isEqualTo("unix:///run/main.sock");
        assertThat(main.message().maxSize()).isEqualTo(DataSize.ofMegabytes(4));
        assertThat(main.metadata().maxSize()).isEqualTo(DataSize.ofKilobytes(64));
        assertThat(main.calls().maxConcurrent()).isEqualTo(4096);
        assertThat(main.calls().maxDuration()).isNull();
        assertThat(main.connections().max()).isEqualTo(10_000);
        assertThat(main.flow().receiveBudget()).isEqualTo(DataSize.ofMegabytes(16));
        assertThat(main.flow().stallTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(main.flow().writeHighWaterMark()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(main.strictStreamIds()).isFalse();
        assertThat(main.peer())
                .isEqualTo(new TtrpcServerProperties.Peer(
                        TtrpcServerProperties.PeerRequirement.ANY, List.of(), List.of()));
        assertThat(main.tcp()).isEqualTo(new TtrpcServerProperties.Tcp(128, true, true));
        assertThat(main.unix().permissions()).isEqualTo("rw-------");
    }

    @Test
    void whenSocketDefaultsAreSetASocketTakesThemKeyByKey() {
        yaml.put("ttrpc.server.socket-defaults.calls.max-concurrent", "7");
        yaml.put("ttrpc.server.socket-defaults.calls.max-duration", "3s");
        yaml.put("ttrpc.server.socket-defaults.peer.uids", "1,2");
        yaml.put("ttrpc.server.socket.main.calls.max-concurrent", "9");
        yaml.put("ttrpc.server.socket.main.peer.uids", "3");
        Socket main = bind().effectiveSockets().get("main");
        assertThat(main.calls()).isEqualTo(new TtrpcServerProperties.Calls(9, Duration.ofSeconds(3)));
        assertThat(main.peer().uids()).containsExactly(3L);
    }

    @Test
    void everyComponentIsTakenFromTheDefaultsWhereItIsNotSet() throws Exception {
        Socket defaults = RecordWalk.filled(Socket.class, 2);
        assertThat(RecordWalk.leaves(Socket.UNSET.over(defaults))).isEqualTo(RecordWalk.leaves(defaults));
    }

    @Test
    void everyComponentOfASocketGoesBeforeTheDefaults() throws Exception {
        Socket own = RecordWalk.filled(Socket.class, 3);
        assertThat(RecordWalk.leaves(own.over(RecordWalk.filled(Socket.class, 2))))
                .isEqualTo(RecordWalk.leaves(own));
    }

    @Test
    void whenASocketIsDisabledItIsNotThere() {
        yaml.put("ttrpc.server.socket.main.address", "unix:///run/main.sock");
        yaml.put("ttrpc.server.socket.main.enabled", "false");
        assertThat(bind().socket()).containsOnlyKeys("main");
        assertThat(bind().effectiveSockets()).isEmpty();
    }

    @Test
    void whenTheEnvironmentSpellsANameWithoutDashesItIsTheSameSocket() {
        yaml.put("ttrpc.server.socket.my-socket.address", "unix:///run/a.sock");
        yaml.put("ttrpc.server.socket.my-socket.calls.max-concurrent", "7");
        environment.put("TTRPC_SERVER_SOCKET_MYSOCKET_ADDRESS", "unix:///run/b.sock");
        Map<String, Socket> sockets = bind().effectiveSockets();
        assertThat(sockets).containsOnlyKeys("my-socket");
        assertThat(sockets.get("my-socket").address()).isEqualTo("unix:///run/b.sock");
        assertThat(sockets.get("my-socket").calls().maxConcurrent()).isEqualTo(7);
    }

    @Test
    void theDocumentedDefaultsAreTheRealOnes() {
        yaml.putAll(ConfigurationMetadataTests.defaults("ttrpc.server.socket-defaults."));
        Socket documented = bind().socketDefaults()
                .over(new Socket(
                        true,
                        null,
                        Socket.UNSET.message(),
                        Socket.UNSET.metadata(),
                        Socket.UNSET.calls(),
                        Socket.UNSET.connections(),
                        Socket.UNSET.flow(),
                        null,
                        new TtrpcServerProperties.Peer(null, List.of(), List.of()),
                        Socket.UNSET.tcp(),
                        Socket.UNSET.unix()));
        assertThat(documented).isEqualTo(Socket.DEFAULTS);
    }

    private TtrpcServerProperties bind() {
        StandardEnvironment standard = new StandardEnvironment();
        standard.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        standard.getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
        standard.getPropertySources().addLast(new MapPropertySource("yaml", yaml));
        ConfigurationPropertySources.attach(standard);
        return Binder.get(standard).bindOrCreate("ttrpc.server", TtrpcServerProperties.class);
    }
}
