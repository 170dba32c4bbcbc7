package dev.ttrpc.verification.benchmarks.compare;

import static dev.ttrpc.verification.benchmarks.compare.Goal.median;
import static dev.ttrpc.verification.benchmarks.compare.Goal.rate;
import static dev.ttrpc.verification.benchmarks.compare.Place.FREE;
import static dev.ttrpc.verification.benchmarks.compare.Place.SAME;

import dev.ttrpc.verification.benchmarks.Work;
import dev.ttrpc.verification.benchmarks.Work.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is compared, with the goals. */
final class Cells {
    private static final double NO_AIM = Double.NaN;
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int SMALL = 64;
    private static final List<Place> BOTH_PLACES = List.of(SAME, FREE);

    private static final String GO = Programs.GO.name();
    private static final String RUST_SYNC = Programs.RUST_SYNC.name();
    private static final String RUST_ASYNC = Programs.RUST_ASYNC.name();
    private static final String NETTY = Programs.NETTY.name();
    private static final String LOOP = Programs.OURS_LOOP.name();
    private static final String EXECUTOR = Programs.OURS_EXECUTOR.name();

    private Cells() {}

    /** All of them. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        cells.addAll(servers());
        cells.addAll(streams());
        cells.addAll(connections());
        return cells;
    }

    private static List<Cell> servers() {
        return List.of(
                server(
                        "server-64x100",
                        SMALL,
                        100,
                        rate(SAME, LOOP, 8, 12, GO),
                        rate(SAME, LOOP, 3, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(FREE, LOOP, 4.5, 6, GO),
                        rate(SAME, EXECUTOR, 4, 6, GO),
                        rate(SAME, EXECUTOR, 1.5, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(FREE, EXECUTOR, 2.5, 4, GO),
                        rate(FREE, EXECUTOR, 1.2, NO_AIM, RUST_SYNC, RUST_ASYNC)),
                server(
                        "server-64x1",
                        SMALL,
                        1,
                        median(SAME, LOOP, 0.8, NO_AIM, GO),
                        median(SAME, EXECUTOR, 1.5, NO_AIM, GO),
                        median(FREE, LOOP, 1.15, 1, GO, RUST_SYNC, RUST_ASYNC)),
                server(
                        "server-64Kx16",
                        64 * KIB,
                        16,
                        rate(SAME, LOOP, 2, NO_AIM, GO),
                        rate(SAME, LOOP, 1, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(FREE, LOOP, 4, NO_AIM, GO),
                        rate(SAME, EXECUTOR, 2, NO_AIM, GO),
                        rate(SAME, EXECUTOR, 1, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(FREE, EXECUTOR, 4, NO_AIM, GO),
                        rate(SAME, LOOP, 0, 0.8, NETTY)),
                server(
                        "server-1Mx4",
                        MIB,
                        4,
                        rate(SAME, LOOP, 2, NO_AIM, GO),
                        rate(SAME, LOOP, 1.2, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(SAME, EXECUTOR, 2, NO_AIM, GO),
                        rate(SAME, EXECUTOR, 1.2, NO_AIM, RUST_SYNC, RUST_ASYNC),
                        rate(SAME, LOOP, 0, 0.8, NETTY)));
    }

    private static Cell server(String name, int payload, int inFlight, Goal... goals) {
        return new Cell(
                name,
                "servers under the load generator, unary calls, payload " + size(payload) + ", " + inFlight
                        + " in flight",
                Work.unary(payload, inFlight),
                BOTH_PLACES,
                Stream.of(
                                Programs.GO,
                                Programs.RUST_SYNC,
                                Programs.RUST_ASYNC,
                                Programs.OURS_LOOP,
                                Programs.OURS_EXECUTOR,
                                Programs.NETTY)
                        .map(Subject::server)
                        .toList(),
                List.of(goals));
    }

    private static List<Cell> streams() {
        return List.of(
                stream(
                        "download-64",
                        "one download",
                        Kind.DOWNLOAD,
                        1,
                        rate(FREE, EXECUTOR, 2.5, 5, GO),
                        rate(FREE, EXECUTOR, 1e6, NO_AIM),
                        rate(FREE, LOOP, 2.5, 5, GO),
                        rate(FREE, LOOP, 1e6, NO_AIM)),
                stream(
                        "upload-64",
                        "one upload of which nothing may be lost",
                        Kind.UPLOAD,
                        1,
                        rate(FREE, EXECUTOR, 1, 5, GO),
                        rate(FREE, LOOP, 1, 5, GO)),
                stream(
                        "chat-64x100",
                        "100 chats, a message to and fro in each",
                        Kind.CHAT,
                        100,
                        rate(FREE, EXECUTOR, 3, 5, GO),
                        rate(FREE, LOOP, 3, 5, GO)));
    }

    private static Cell stream(String name, String shows, Kind kind, int streams, Goal... goals) {
        return new Cell(
                name,
                "servers under the load generator, " + shows + ", messages of " + size(SMALL),
                new Work(kind, SMALL, streams, 1),
                BOTH_PLACES,
                Stream.of(Programs.GO, Programs.RUST_ASYNC_ONE_THREAD, Programs.OURS_LOOP, Programs.OURS_EXECUTOR)
                        .map(Subject::server)
                        .toList(),
                List.of(goals));
    }

    private static List<Cell> connections() {
        List<Cell> cells = new ArrayList<>();
        for (int connections : new int[] {1, 10, 100, 1000}) {
            String name = "connections-" + connections;
            List<Goal> goals = connections == 1
                    ? List.of()
                    : List.of(
                            rate(FREE, LOOP, 0.7, NO_AIM, "connections-1/" + LOOP),
                            rate(FREE, EXECUTOR, 0.7, NO_AIM, "connections-1/" + EXECUTOR));
            cells.add(new Cell(
                    name,
                    "servers under the load generator, unary calls, payload 64 B, 1,000 in flight on " + connections
                            + " connections",
                    new Work(Kind.UNARY, SMALL, 1000, connections),
                    List.of(FREE),
                    Stream.of(
                                    Programs.GO,
                                    Programs.RUST_ASYNC,
                                    Programs.OURS_LOOP,
                                    Programs.OURS_EXECUTOR,
                                    Programs.NETTY)
                            .map(Subject::server)
                            .toList(),
                    goals));
        }
        return cells;
    }

    private static String size(int bytes) {
        return bytes >= MIB ? bytes / MIB + " MiB" : bytes >= KIB ? bytes / KIB + " KiB" : bytes + " B";
    }
}
