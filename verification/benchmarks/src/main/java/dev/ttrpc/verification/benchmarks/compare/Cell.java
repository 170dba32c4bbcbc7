package dev.ttrpc.verification.benchmarks.compare;

import dev.ttrpc.verification.benchmarks.Work;
import java.util.List;

/**
 * One row of the comparison: the same work for several subjects.
 *
 * @param name one word
 * @param shows the work, in a few words
 * @param places where it is measured
 * @param subjects who does it; the others are compared with the first
 * @param goals what ours is to reach here
 */
record Cell(String name, String shows, Work work, List<Place> places, List<Subject> subjects, List<Goal> goals) {
    /** The same with some of the subjects. */
    Cell only(List<Subject> some) {
        return new Cell(name, shows, work, places, some, goals);
    }
}
