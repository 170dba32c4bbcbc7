/** Where one stream stands, what it holds, and what may be sent: no channel, no clock, no executor. */
@NullMarked
package dev.ttrpc.internal.stream;

import org.jspecify.annotations.NullMarked;
