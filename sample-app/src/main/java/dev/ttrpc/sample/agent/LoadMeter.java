package dev.ttrpc.sample.agent;

import com.google.protobuf.Timestamp;
import dev.ttrpc.sample.v1.LoadSample;
import java.time.Instant;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;

/** Measures the load between one sample and the next. For one thread at a time. */
class LoadMeter {
    private final CentralProcessor processor;
    private final GlobalMemory memory;
    private long[] ticks;

    LoadMeter(CentralProcessor processor, GlobalMemory memory) {
        this.processor = processor;
        this.memory = memory;
        ticks = processor.getSystemCpuLoadTicks();
    }

    LoadSample sample() {
        long[] now = processor.getSystemCpuLoadTicks();
        double load = processor.getSystemCpuLoadBetweenTicks(ticks, now);
        ticks = now;
        long total = memory.getTotal();
        Instant time = Instant.now();
        return LoadSample.newBuilder()
                .setTime(
                        Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
                .setCpuLoad(Math.max(0, Math.min(1, load)))
                .setMemoryUsedBytes(Math.max(0, total - memory.getAvailable()))
                .setMemoryTotalBytes(total)
                .build();
    }
}
