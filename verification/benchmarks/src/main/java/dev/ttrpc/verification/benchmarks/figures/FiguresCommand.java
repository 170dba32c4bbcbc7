package dev.ttrpc.verification.benchmarks.figures;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Measures figures and prints a line for each. */
public final class FiguresCommand {
    private static final String USAGE = "usage: figures [--quick] [NAME...] | figures --list";
    /** Of one figure; many times what it takes. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final List<Figure> ALL = List.of(
            new EachCallOnce(),
            new ManyConnections(),
            new OrderBesideStall(),
            new AnswersNotRead(),
            new ManyStreams(),
            new OneByteAtATime(),
            new OversizeFlood(),
            new SequentialConnections(),
            new CancelledCalls());

    private final PrintStream out;

    public FiguresCommand(PrintStream out) {
        this.out = out;
    }

    /** Exit code 0 where all figures were reached, 1 where not, 2 for a wrong command line. */
    public int run(List<String> arguments) throws InterruptedException {
        List<String> names = new ArrayList<>(arguments);
        if (names.equals(List.of("--list"))) {
            ALL.forEach(figure -> out.println(figure.name() + ": " + figure.shows()));
            return 0;
        }
        Scale scale = names.remove("--quick") ? Scale.QUICK : Scale.FULL;
        List<Figure> wanted = ALL.stream()
                .filter(figure -> names.isEmpty() || names.contains(figure.name()))
                .toList();
        if (!names.isEmpty() && wanted.size() != names.stream().distinct().count()) {
            System.err.println(USAGE);
            return 2;
        }
        return measure(wanted, scale) ? 0 : 1;
    }

    private boolean measure(List<Figure> figures, Scale scale) throws InterruptedException {
        long start = System.nanoTime();
        int reached = 0;
        for (Figure figure : figures) {
            Measures measures = measure(figure, scale);
            out.println(measures.line(figure.name()));
            if (measures.areGood()) {
                reached++;
            }
        }
        out.printf(
                "%d figures, %d reached, %d failed, %d s%n",
                figures.size(),
                reached,
                figures.size() - reached,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        return reached == figures.size();
    }

    private static Measures measure(Figure figure, Scale scale) throws InterruptedException {
        Measures measures = new Measures();
        FutureTask<Measures> task = new FutureTask<>(() -> {
            figure.run(scale, measures);
            return measures;
        });
        Thread thread = new Thread(task, figure.name());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            e.printStackTrace(System.err);
            return failed(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            AssertionError stuck = new AssertionError(figure.name());
            stuck.setStackTrace(thread.getStackTrace());
            stuck.printStackTrace(System.err);
            task.cancel(true);
            return failed("it did not end within " + LIMIT.toSeconds() + " s");
        }
    }

    private static Measures failed(String why) {
        Measures measures = new Measures();
        measures.failed(why);
        return measures;
    }
}
