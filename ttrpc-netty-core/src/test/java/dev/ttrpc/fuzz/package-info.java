/**
 * Fuzz targets: each class {@code …Fuzz} has a {@code fuzzerTestOneInput} that throws where an input breaks a rule. {@link dev.ttrpc.fuzz.CorpusTests} runs the inputs that are kept,
 * profile {@code fuzz} looks for new ones.
 */
package dev.ttrpc.fuzz;
