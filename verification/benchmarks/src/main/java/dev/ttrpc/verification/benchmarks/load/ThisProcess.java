package dev.ttrpc.verification.benchmarks.load;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The process that this runs in. */
public final class ThisProcess implements Observed {
    private static final String TIMER = "io.netty.util.concurrent.ScheduledFutureTask";
    /** Without the handlers' pool, whose stack of idle threads lets go of one that ended only when it next calls one; threads are counted as such. */
    private static final Pattern OURS = Pattern.compile("dev\\.ttrpc\\.(client|server|internal)\\.(?!executor\\.).*");

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    @Override
    public String name() {
        return "client";
    }

    @Override
    public Footprint glance() {
        Map<String, Long> values = new TreeMap<>();
        values.put(
                Footprint.HEAP,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        values.put(Footprint.DIRECT, direct());
        values.put(Footprint.PINNED, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory());
        values.put(Footprint.THREADS, (long) ManagementFactory.getThreadMXBean().getThreadCount());
        values.put(Footprint.LEAKS, Leaks.found());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            values.put(Footprint.DESCRIPTORS, system.getOpenFileDescriptorCount());
        }
        return new Footprint(values);
    }

    @Override
    public Footprint measure() {
        System.gc();
        return glance();
    }

    private static long direct() {
        long direct = Math.max(0, PlatformDependent.usedDirectMemory());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                direct = Math.max(direct, pool.getMemoryUsed());
            }
        }
        return direct;
    }

    @Override
    public Map<String, Long> objects() throws IOException {
        String histogram;
        try {
            histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IOException("this JVM does not count its objects", e);
        }
        Map<String, Long> objects = new TreeMap<>();
        histogram.lines().forEach(line -> {
            // number: instances bytes class (module)
            String[] words = BLANKS.split(line.strip());
            if (words.length >= 4
                    && (words[3].equals(TIMER) || OURS.matcher(words[3]).matches())) {
                // classes made at run time carry an address that differs between processes
                int made = words[3].indexOf("$$");
                objects.merge(
                        made < 0 ? words[3] : words[3].substring(0, made) + "-lambda",
                        Long.valueOf(words[1]),
                        Long::sum);
            }
        });
        return objects;
    }
}
