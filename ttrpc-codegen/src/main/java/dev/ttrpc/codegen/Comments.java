package dev.ttrpc.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The comments of one proto file. */
final class Comments {
    private final Map<List<Integer>, String> byPath = new HashMap<>();

    Comments(FileDescriptorProto file) {
        for (Location location : file.getSourceCodeInfo().getLocationList()) {
            String comment =
                    location.hasLeadingComments() ? location.getLeadingComments() : location.getTrailingComments();
            byPath.put(List.copyOf(location.getPathList()), comment);
        }
    }

    /** The comment before a declaration, or else the one behind it, or else nothing. */
    String at(Integer... path) {
        return byPath.getOrDefault(List.of(path), "");
    }
}
