package dev.ttrpc.codegen;

import java.util.List;

/**
 * One service of a proto file.
 *
 * @param file the proto file's path
 * @param fullName as the proto has it, and as it goes on the wire
 * @param javaPackage where its types go
 * @param javaName what its types are called after
 * @param comment the proto's comment, or empty
 */
record Service(
        String file,
        String fullName,
        String javaPackage,
        String javaName,
        List<Rpc> rpcs,
        String comment,
        boolean deprecated) {

    JavaType blocking() {
        return type("");
    }

    JavaType async() {
        return type("Async");
    }

    JavaType blockingClient() {
        return type("Client");
    }

    JavaType asyncClient() {
        return type("AsyncClient");
    }

    JavaType holder() {
        return type("Ttrpc");
    }

    List<JavaType> generated() {
        return List.of(blocking(), async(), blockingClient(), asyncClient(), holder());
    }

    /** Whether any type that the contracts name is deprecated. */
    boolean hasDeprecatedMessages() {
        return rpcs.stream()
                .anyMatch(rpc -> rpc.request().deprecated() || rpc.reply().deprecated());
    }

    boolean hasDeprecatedMethods() {
        return rpcs.stream().anyMatch(Rpc::deprecated);
    }

    private JavaType type(String suffix) {
        return new JavaType(javaPackage, "", javaName + suffix, deprecated);
    }
}
