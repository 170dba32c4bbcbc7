package dev.ttrpc.spring.boot.autoconfigure.client;

/**
 * One value of a metadata key, as configured. A type of its own because Spring Boot splits a text that is to become a list of texts at its
 * commas, and a metadata value may hold commas.
 *
 * @param text the whole value
 */
public record MetadataValue(String text) {}
