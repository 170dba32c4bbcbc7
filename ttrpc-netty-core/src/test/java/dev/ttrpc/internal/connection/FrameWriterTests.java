package dev.ttrpc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.internal.stream.SendBudget;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class FrameWriterTests {
    private final SendBudget budget = new SendBudget(100, null);
    private final FrameWriter writer = new FrameWriter(new EmbeddedChannel(), budget, () -> {});

    @Test
    void whatIsGrantedAndWrittenWhileTheWriterClosesIsNotLost() {
        budget.force(100);
        writer.begin(100).writeZero(100);
        budget.reserve(10, () -> writer.begin(10).writeZero(10));
        writer.close();
        assertThat(budget.reserved()).isEqualTo(10);
        writer.close();
        assertThat(budget.reserved()).isZero();
    }
}
