package dev.ttrpc.verification.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/**
 * What one of our subjects is to reach, beside others in the same rounds.
 *
 * @param subject whose it is
 * @param figure what is compared
 * @param peers with whom; of several the best in each round. A subject of another cell is {@code CELL/SUBJECT}. None: the figure itself
 * @param must the least, or the most where less is better
 * @param aim what would be good, or {@link Double#NaN}
 */
record Goal(Place place, String subject, Figure figure, List<String> peers, double must, double aim) {
    /** What is measured. */
    enum Figure {
        RATE {
            @Override
            double of(Sample sample) {
                return sample.perSecond();
            }
        },
        /** Half of the calls took no longer. Less is better. */
        MEDIAN {
            @Override
            double of(Sample sample) {
                return sample.medianMicros();
            }
        };

        abstract double of(Sample sample);

        boolean isBetter(double figure, double than) {
            return this == RATE ? figure >= than : figure <= than;
        }

        double better(double a, double b) {
            return isBetter(a, b) ? a : b;
        }
    }

    static Goal rate(Place place, String subject, double must, double aim, String... peers) {
        return new Goal(place, subject, Figure.RATE, List.of(peers), must, aim);
    }

    static Goal median(Place place, String subject, double must, double aim, String... peers) {
        return new Goal(place, subject, Figure.MEDIAN, List.of(peers), must, aim);
    }

    boolean isMet(double value) {
        return figure.isBetter(value, must);
    }

    /** In a few words. */
    String sentence() {
        String of = peers.isEmpty() ? "" : " of " + String.join("|", peers);
        String bound = figure == Figure.RATE ? "at least " : "p50 at most ";
        String aimed = Double.isNaN(aim) ? "" : ", aim " + number(aim);
        return subject + " " + bound + number(must) + (peers.isEmpty() ? "" : "x") + of + aimed;
    }

    String verdict(double value) {
        if (!isMet(value)) {
            return "MISSED";
        }
        return Double.isNaN(aim) ? "met" : figure.isBetter(value, aim) ? "met, and the aim" : "met, short of the aim";
    }

    static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
