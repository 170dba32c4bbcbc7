package dev.ttrpc.sample.report;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What calls have cost so far, out of the timers that the starter keeps. */
@Component
class CallCosts {
    private static final Map<String, String> SIDES = Map.of("ttrpc.client", "as called", "ttrpc.server", "as served");

    private final MeterRegistry meters;

    CallCosts(MeterRegistry meters) {
        this.meters = meters;
    }

    void print(PrintStream out) {
        out.printf("  %-15s  %-10s  %-8s  %6s  %9s  %9s%n", "", "method", "status", "calls", "median", "longest");
        SIDES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(side -> meters.find(side.getKey()).timers().stream()
                        .sorted(Comparator.comparing(timer -> tag(timer, "rpc.method")))
                        .forEach(timer -> print(out, side.getValue(), timer)));
    }

    private static void print(PrintStream out, String side, Timer timer) {
        String method = tag(timer, "rpc.method");
        HistogramSnapshot costs = timer.takeSnapshot();
        out.printf(
                Locale.ROOT,
                "  %-15s  %-10s  %-8s  %6d  %9s  %9s%n",
                side,
                method.substring(method.indexOf('/') + 1),
                tag(timer, "rpc.status_code"),
                timer.count(),
                Units.cost(timer.count() == 1 ? timer.totalTime(TimeUnit.NANOSECONDS) : median(costs)),
                Units.cost(costs.max(TimeUnit.NANOSECONDS)));
    }

    private static double median(HistogramSnapshot costs) {
        for (ValueAtPercentile value : costs.percentileValues()) {
            if (value.percentile() == 0.5) {
                return value.value(TimeUnit.NANOSECONDS);
            }
        }
        return costs.mean(TimeUnit.NANOSECONDS);
    }

    private static String tag(Timer timer, String key) {
        @Nullable String value = timer.getId().getTag(key);
        return value == null ? "" : value;
    }
}
