/** A service as the generator would write it, with texts as messages. */
package dev.ttrpc.spring.greeter;
