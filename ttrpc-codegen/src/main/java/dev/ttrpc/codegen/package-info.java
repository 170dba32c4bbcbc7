/**
 * The generator of ttrpc's service contracts: a pure function from a {@code CodeGeneratorRequest} to a
 * {@code CodeGeneratorResponse}, and the protoc plugin around it.
 *
 * <pre>
 * request → Parameters
 *         → JavaTypes      where protoc puts each message
 *         → ServiceReader  proto services → Service and Rpc, with their Java names
 *         → NameClashes    refuses what could only be renamed silently
 *         → one template for each of the five types: BlockingContract, AsyncContract, BlockingClient,
 *           AsyncClient, Holder
 * </pre>
 */
@NullMarked
package dev.ttrpc.codegen;

import org.jspecify.annotations.NullMarked;
