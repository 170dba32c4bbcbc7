/** The client: one channel's connection and its calls. */
@NullMarked
package dev.ttrpc.internal.client;

import org.jspecify.annotations.NullMarked;
