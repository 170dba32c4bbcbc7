package dev.ttrpc.sample.report;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;

/** How amounts are printed. */
final class Units {
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < BYTES.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, BYTES[unit]);
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%5.1f %%", part * 100);
    }

    /** Days, hours and minutes. */
    static String time(Duration time) {
        return time.toDays() + " d " + time.toHoursPart() + " h " + time.toMinutesPart() + " min";
    }

    /** In the unit that suits it. */
    static String cost(double nanos) {
        if (nanos < 1e6) {
            return String.format(Locale.ROOT, "%.0f µs", nanos / 1e3);
        }
        return nanos < 1e9
                ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
