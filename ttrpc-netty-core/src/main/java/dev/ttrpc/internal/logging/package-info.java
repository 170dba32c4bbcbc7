/** What may stand in the log, how often, and that writing it harms nobody. Knows no other package of ours. */
@NullMarked
package dev.ttrpc.internal.logging;

import org.jspecify.annotations.NullMarked;
