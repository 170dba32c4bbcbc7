package dev.ttrpc.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import org.junit.jupiter.api.Test;

class NamedAnyTests {
    private static final Duration MESSAGE = Duration.newBuilder().setSeconds(3).build();

    @Test
    void typeUrlIsTheFullNameAlone() {
        Any packed = NamedAny.pack(MESSAGE);

        assertThat(packed.getTypeUrl()).isEqualTo("google.protobuf.Duration");
        assertThat(packed.getValue()).isEqualTo(MESSAGE.toByteString());
    }

    @Test
    void bothFormsOfTypeUrlsAreRead() throws Exception {
        for (Any packed : new Any[] {NamedAny.pack(MESSAGE), Any.pack(MESSAGE), Any.pack(MESSAGE, "")}) {
            assertThat(NamedAny.typeName(packed)).isEqualTo("google.protobuf.Duration");
            assertThat(NamedAny.is(packed, Duration.getDefaultInstance())).isTrue();
            assertThat(NamedAny.is(packed, Timestamp.getDefaultInstance())).isFalse();
            assertThat(NamedAny.unpack(packed, Duration.getDefaultInstance())).isEqualTo(MESSAGE);
        }
    }

    @Test
    void anotherTypeIsRefusedByName() {
        assertThatThrownBy(() -> NamedAny.unpack(NamedAny.pack(MESSAGE), Timestamp.getDefaultInstance()))
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessage("not a google.protobuf.Timestamp but a google.protobuf.Duration");
        assertThatThrownBy(() -> NamedAny.unpack(Any.getDefaultInstance(), Timestamp.getDefaultInstance()))
                .hasMessage("not a google.protobuf.Timestamp but a message without a type");
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        Any broken = NamedAny.pack(MESSAGE).toBuilder()
                .setValue(ByteString.copyFrom(new byte[] {8}))
                .build();

        assertThatThrownBy(() -> NamedAny.unpack(broken, Duration.getDefaultInstance()))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }
}
