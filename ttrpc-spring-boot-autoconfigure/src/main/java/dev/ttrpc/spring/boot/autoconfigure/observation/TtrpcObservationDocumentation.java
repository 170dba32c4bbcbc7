package dev.ttrpc.spring.boot.autoconfigure.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of ttrpc and their keys. The names of keys are those of OpenTelemetry's conventions for RPC where it has them. */
public enum TtrpcObservationDocumentation implements ObservationDocumentation {
    /** A call that this application serves. */
    SERVER {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultTtrpcServerObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return ServerKeys.values();
        }
    },

    /** A call that this application makes, with all its attempts to connect. */
    CLIENT {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultTtrpcClientObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return ClientKeys.values();
        }
    };

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return HighCardinalityKeys.values();
    }

    /** Keys with few values of calls that are served. */
    public enum ServerKeys implements KeyName {
        /** Always {@code ttrpc}. */
        SYSTEM(Keys.SYSTEM),
        /** Service and method, for example {@code helloworld.v1.Greeter/SayHello}. */
        METHOD(Keys.METHOD),
        /** {@code unary}, {@code client_streaming}, {@code server_streaming} or {@code bidi}. */
        METHOD_TYPE(Keys.METHOD_TYPE),
        /** The name of the status that ended the call; {@code none} while it runs. */
        STATUS_CODE(Keys.STATUS_CODE),
        /** The status where it says that the server failed, else {@code none}. */
        ERROR_TYPE(Keys.ERROR_TYPE),
        /** The name of the socket. */
        SOCKET("ttrpc.socket"),
        /** {@code unix}, {@code tcp}, {@code vsock}, {@code pipe} or {@code in-process}. */
        TRANSPORT(Keys.TRANSPORT);

        private final String key;

        ServerKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys with few values of calls that are made. */
    public enum ClientKeys implements KeyName {
        /** Always {@code ttrpc}. */
        SYSTEM(Keys.SYSTEM),
        /** Service and method, for example {@code helloworld.v1.Greeter/SayHello}. */
        METHOD(Keys.METHOD),
        /** {@code unary}, {@code client_streaming}, {@code server_streaming} or {@code bidi}. */
        METHOD_TYPE(Keys.METHOD_TYPE),
        /** The name of the status that ended the call; {@code none} while it runs. */
        STATUS_CODE(Keys.STATUS_CODE),
        /** The status unless it is OK, else {@code none}. */
        ERROR_TYPE(Keys.ERROR_TYPE),
        /** The name of the channel; {@code none} for one made for an address. */
        CHANNEL("ttrpc.channel"),
        /** The path or host of the channel's address. */
        SERVER_ADDRESS("server.address"),
        /** The port of the channel's address; {@code none} where it has none. */
        SERVER_PORT("server.port"),
        /** {@code unix}, {@code tcp}, {@code vsock}, {@code pipe} or {@code in-process}. */
        TRANSPORT(Keys.TRANSPORT);

        private final String key;

        ClientKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys with many values, for traces. */
    public enum HighCardinalityKeys implements KeyName {
        /** The address of the other side, as far as it has one. */
        PEER_ADDRESS("network.peer.address");

        private final String key;

        HighCardinalityKeys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** What both sides have. The key of the status moved twice between versions of the conventions; this is the newest. */
    private static final class Keys {
        static final String SYSTEM = "rpc.system.name";
        static final String METHOD = "rpc.method";
        static final String METHOD_TYPE = "ttrpc.method.type";
        static final String STATUS_CODE = "rpc.status_code";
        static final String ERROR_TYPE = "error.type";
        static final String TRANSPORT = "network.transport";
    }
}
