package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ttrpc.benchmark.v1.EchoMessage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadGeneratorTests {
    @TempDir
    private Path folder;

    @Test
    void aRequestIsWhatProtobufWouldWrite() throws Exception {
        EchoFrames frames = new EchoFrames(64);
        ByteBuffer frame = ByteBuffer.allocate(frames.requestSize());
        frames.putRequest(frame, 7);
        assertThat(frame.getInt(0)).isEqualTo(frames.requestSize() - EchoFrames.HEADER_SIZE);
        assertThat(frame.getInt(4)).isEqualTo(7);
        int message = frames.requestSize() - 66;
        EchoMessage parsed = EchoMessage.parseFrom(frame.position(message).slice());
        assertThat(parsed.getPayload().size()).isEqualTo(64);
    }

    @Test
    void aServerThatIsNotThereIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> new LoadGenerator(64).run(folder.resolve("nobody"), 1, Duration.ofMillis(1)));
    }

    @Test
    void aResultSurvivesItsLine() {
        LoadResult result = new LoadResult(1, 2, 3, 4);
        assertThat(LoadResult.ofLine(result.toLine())).isEqualTo(result);
    }
}
