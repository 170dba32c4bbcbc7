package dev.ttrpc.verification.benchmarks.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Serves by one of this JVM's servers. Ends with the end of standard input: so it never outlives whoever started it. */
public final class ServeCommand {
    private static final String OURS = "ours-";
    private static final String ADDRESS = "unix:";

    private ServeCommand() {}

    /** Exit code 2 for a wrong command line, else 0 at the end of standard input. */
    public static int run(List<String> arguments) throws IOException, InterruptedException {
        if (arguments.size() != 2
                || !arguments.get(1).startsWith(ADDRESS)
                || !start(arguments.get(0), arguments.get(1))) {
            System.err.println("usage: serve SERVER " + ADDRESS + "PATH");
            return 2;
        }
        System.out.println("serving " + arguments.get(1));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            throw new IOException("an order that is not known: " + order);
        }
        return 0;
    }

    private static boolean start(String server, String address) throws IOException, InterruptedException {
        if (server.equals("netty")) {
            NettyEcho.start(address.substring(ADDRESS.length()));
            return true;
        }
        for (OurServer ours : OurServer.values()) {
            if (server.equals(OURS + ours.name().toLowerCase(Locale.ROOT))) {
                ours.start(address);
                return true;
            }
        }
        return false;
    }
}
