/** Gives the application its configured channels and the clients it asks for. */
@NullMarked
package dev.ttrpc.spring.boot.autoconfigure.client;

import org.jspecify.annotations.NullMarked;
