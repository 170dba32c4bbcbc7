/** The load generator: frames made by hand, so that what it costs is little, and the same whoever serves. */
@NullMarked
package dev.ttrpc.verification.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
