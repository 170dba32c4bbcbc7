package dev.ttrpc.sample.agent;

import com.google.protobuf.Duration;
import dev.ttrpc.sample.v1.NodeDescription;
import dev.ttrpc.sample.v1.Process;
import dev.ttrpc.sample.v1.ProcessMatches;
import dev.ttrpc.sample.v1.ProcessQuery;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;
import oshi.util.GlobalConfig;

/** This machine, as its operating system tells it. Safe for any thread. */
@Component
@Profile("!client")
class Machine {
    private static final Comparator<OSProcess> LARGEST_FIRST =
            Comparator.comparingLong(OSProcess::getResidentSetSize).reversed().thenComparing(OSProcess::getProcessID);

    /** How long a value read from the system is not read again: less than between two samples of a watch. */
    private static final int VALID_MILLIS = 50;

    private final OperatingSystem system;
    private final CentralProcessor processor;
    private final GlobalMemory memory;

    Machine() {
        GlobalConfig.set(GlobalConfig.OSHI_UTIL_MEMOIZER_EXPIRATION, VALID_MILLIS);
        SystemInfo info = new SystemInfo();
        system = info.getOperatingSystem();
        processor = info.getHardware().getProcessor();
        memory = info.getHardware().getMemory();
    }

    NodeDescription describe() {
        return NodeDescription.newBuilder()
                .setHostName(system.getNetworkParams().getHostName())
                .setOperatingSystem(system.toString())
                .setArchitecture(System.getProperty("os.arch"))
                .setPhysicalCores(processor.getPhysicalProcessorCount())
                .setLogicalCores(processor.getLogicalProcessorCount())
                .setMemoryTotalBytes(memory.getTotal())
                .setMemoryAvailableBytes(memory.getAvailable())
                .setUptime(Duration.newBuilder().setSeconds(system.getSystemUptime()))
                .build();
    }

    /** A meter whose first sample covers the time from now on. */
    LoadMeter loadMeter() {
        return new LoadMeter(processor, memory);
    }

    ProcessMatches find(ProcessQuery query) {
        String part = query.getNameContains().toLowerCase(Locale.ROOT);
        List<OSProcess> found = system.getProcesses(
                process -> process.getName().toLowerCase(Locale.ROOT).contains(part), LARGEST_FIRST, 0);
        ProcessMatches.Builder matches = ProcessMatches.newBuilder()
                .setNameContains(query.getNameContains())
                .setFound(found.size());
        found.stream()
                .limit(query.getLimit() == 0 ? found.size() : Integer.toUnsignedLong(query.getLimit()))
                .map(Machine::process)
                .forEach(matches::addProcesses);
        return matches.build();
    }

    private static Process process(OSProcess process) {
        return Process.newBuilder()
                .setPid(process.getProcessID())
                .setName(process.getName())
                .setUser(process.getUser())
                .setResidentBytes(process.getResidentSetSize())
                .build();
    }
}
