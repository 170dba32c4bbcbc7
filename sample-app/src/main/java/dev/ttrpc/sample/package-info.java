/** A node agent: a Spring Boot application that serves ttrpc on a unix socket and calls it. */
@NullMarked
package dev.ttrpc.sample;

import org.jspecify.annotations.NullMarked;
