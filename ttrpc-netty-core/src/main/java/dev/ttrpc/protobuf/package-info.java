/** Messages of protobuf-java and protobuf-javalite. Needs {@code com.google.protobuf}, which the core does not bring. */
@NullMarked
package dev.ttrpc.protobuf;

import org.jspecify.annotations.NullMarked;
