/**
 * What both sides of a ttrpc call say: methods, metadata, statuses, deadlines, addresses. No Netty type appears here.
 */
@NullMarked
package dev.ttrpc;

import org.jspecify.annotations.NullMarked;
