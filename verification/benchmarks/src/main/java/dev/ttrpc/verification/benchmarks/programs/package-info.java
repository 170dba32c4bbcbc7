/** The servers and callers of this JVM that are measured, each run in a process of its own. */
@NullMarked
package dev.ttrpc.verification.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
