/** The client: channels, call options, interceptors, and the handles of streaming calls. */
@NullMarked
package dev.ttrpc.client;

import org.jspecify.annotations.NullMarked;
