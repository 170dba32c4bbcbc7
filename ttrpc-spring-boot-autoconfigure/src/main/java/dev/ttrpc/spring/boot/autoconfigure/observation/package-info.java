/** Metrics and traces of calls by Micrometer's observations. */
@NullMarked
package dev.ttrpc.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
