package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamStateTests {
    @ParameterizedTest
    @CsvSource({
        // state, after closeLocal, after closeRemote, canSend, canReceive
        "OPEN,          LOCAL_CLOSED, REMOTE_CLOSED, true,  true",
        "LOCAL_CLOSED,  ,             CLOSED,        false, true",
        "REMOTE_CLOSED, CLOSED,       ,              true,  false",
        "CLOSED,        ,             ,              false, false",
    })
    void everyEventInEveryState(
            StreamState state, StreamState closedLocal, StreamState closedRemote, boolean canSend, boolean canReceive) {
        assertThat(state.canSend()).isEqualTo(canSend);
        assertThat(state.canReceive()).isEqualTo(canReceive);
        assertThat(state.end()).isEqualTo(StreamState.CLOSED);
        if (closedLocal == null) {
            assertThatThrownBy(state::closeLocal).isInstanceOf(ProtocolViolation.class);
        } else {
            assertThat(state.closeLocal()).isEqualTo(closedLocal);
        }
        if (closedRemote == null) {
            assertThatThrownBy(state::closeRemote).isInstanceOf(ProtocolViolation.class);
        } else {
            assertThat(state.closeRemote()).isEqualTo(closedRemote);
        }
    }
}
