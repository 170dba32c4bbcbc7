/** What a call costs, beside other implementations under the same load. */
@NullMarked
package dev.ttrpc.verification.benchmarks;

import org.jspecify.annotations.NullMarked;
