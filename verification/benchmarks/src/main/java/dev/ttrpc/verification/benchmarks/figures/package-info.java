/** The figures to reach under load and under attack: one class a figure. */
@NullMarked
package dev.ttrpc.verification.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
