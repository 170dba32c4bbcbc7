/** The caller: asks a node agent everything it can be asked, and prints the answers. */
@NullMarked
package dev.ttrpc.sample.report;

import org.jspecify.annotations.NullMarked;
