package dev.ttrpc.verification.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ttrpc.verification.benchmarks.Work.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkTests {
    @Test
    void workSurvivesItsWords() {
        Work work = new Work(Kind.CHAT, 64, 100, 3);
        assertThat(Work.ofWords(work.toWords().split(" "))).isEqualTo(work);
    }

    @Test
    void theConnectionsShareAllCalls() {
        Work work = new Work(Kind.UNARY, 0, 11, 3);
        assertThat(IntStream.range(0, 3).map(work::share)).containsExactly(4, 4, 3);
    }

    @Test
    void aConnectionWithoutACallIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Work(Kind.UNARY, 0, 1, 2));
    }

    @Test
    void aResultSurvivesItsLine() {
        LoadResult result = new LoadResult(1, 2, 3, 4);
        assertThat(LoadResult.ofLine(result.toLine())).isEqualTo(result);
    }
}
