/** Implementations side by side, on the same work. */
@NullMarked
package dev.ttrpc.verification.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
