package dev.ttrpc.verification.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ttrpc.verification.interop.UsageException;
import org.junit.jupiter.api.Test;

class SelectionTests {
    @Test
    void withoutNamesEverythingIsWanted() throws Exception {
        assertThat(Selection.of(Cells.all(), null, null)).isEqualTo(Cells.all());
    }

    @Test
    void aStarStandsForAnyCharacters() throws Exception {
        assertThat(Selection.of(Cells.all(), "server-64x*", "go,ours-*"))
                .extracting(Cell::name)
                .containsExactly("server-64x100", "server-64x1");
        assertThat(Selection.of(Cells.all(), "server-64x1", "go,ours-*").get(0).subjects())
                .extracting(Subject::name)
                .containsExactly("go", "ours-loop", "ours-executor");
    }

    @Test
    void aNameThatNothingHasIsRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Selection.of(Cells.all(), "server-64x100,nothing", null))
                .withMessageStartingWith("nothing is called nothing; there are server-64x100");
    }

    @Test
    void everyGoalIsOfSubjectsThatItsCellHas() {
        for (Cell cell : Cells.all()) {
            assertThat(cell.subjects()).extracting(Subject::name).doesNotHaveDuplicates();
            for (Goal goal : cell.goals()) {
                assertThat(cell.places()).contains(goal.place());
                assertThat(cell.subjects()).extracting(Subject::name).contains(goal.subject());
                assertThat(goal.peers())
                        .allSatisfy(peer -> assertThat(knows(cell, peer)).isTrue());
            }
        }
    }

    private static boolean knows(Cell cell, String peer) {
        return Cells.all().stream()
                .flatMap(other -> other.subjects().stream()
                        .map(subject -> other.equals(cell) ? subject.name() : other.name() + "/" + subject.name()))
                .anyMatch(peer::equals);
    }
}
