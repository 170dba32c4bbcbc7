/** The conformance service, served and called; and the programs of other implementations that do the same. */
@NullMarked
package dev.ttrpc.verification.interop;

import org.jspecify.annotations.NullMarked;
