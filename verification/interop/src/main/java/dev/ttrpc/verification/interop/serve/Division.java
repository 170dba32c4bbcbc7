package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Numbers that total a sum, as many as wanted. Of more than two the first and the last are 0, which no field of a message says. */
final class Division implements Iterator<Integer> {
    private static final int FEWEST_WITH_EMPTY_ENDS = 3;

    private final int sum;
    private final int count;
    private int given;

    /** Refuses what cannot be done with INVALID_ARGUMENT. */
    Division(int sum, int count) {
        if (count < 0 || count == 0 && sum != 0) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(count + " parts cannot total " + sum)
                    .asException();
        }
        this.sum = sum;
        this.count = count;
    }

    @Override
    public boolean hasNext() {
        return given < count;
    }

    @Override
    public Integer next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        boolean emptyEnds = count >= FEWEST_WITH_EMPTY_ENDS;
        int first = emptyEnds ? 1 : 0;
        int parts = emptyEnds ? count - 2 : count;
        int index = given++ - first;
        if (index < 0 || index >= parts) {
            return 0;
        }
        return index == parts - 1 ? sum - sum / parts * index : sum / parts;
    }
}
