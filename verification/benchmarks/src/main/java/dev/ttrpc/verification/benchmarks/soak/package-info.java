/** Mixed calls and attacks for as long as wanted, and then nothing left. */
@NullMarked
package dev.ttrpc.verification.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
