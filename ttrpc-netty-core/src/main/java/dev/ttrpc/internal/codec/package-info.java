/** Bytes to frames to envelopes and back. Knows no stream. */
@NullMarked
package dev.ttrpc.internal.codec;

import org.jspecify.annotations.NullMarked;
