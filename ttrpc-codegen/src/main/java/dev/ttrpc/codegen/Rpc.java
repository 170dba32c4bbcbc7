package dev.ttrpc.codegen;

/**
 * One method of a service.
 *
 * @param name as the proto has it, and as it goes on the wire
 * @param javaName its name in all contracts
 * @param constant the name of its descriptor
 * @param comment the proto's comment, or empty
 */
record Rpc(
        String name,
        String javaName,
        String constant,
        RpcKind kind,
        JavaType request,
        JavaType reply,
        String comment,
        boolean deprecated) {}
