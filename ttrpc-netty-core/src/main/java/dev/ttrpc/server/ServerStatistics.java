package dev.ttrpc.server;

/**
 * What a server has accepted, and what it has refused or dropped and why, since it was made. Each connection, call or frame counts once, under the first reason that applied.
 *
 * @param connectionsAccepted connections that were served, those still open included
 * @param connectionsRefused connections that the {@link PeerCheck} did not accept
 * @param connectionsOverLimit connections closed at once because {@link TtrpcServer.Builder#maxConnections} were open
 * @param acceptErrors failed attempts to accept a connection, as when the process is out of descriptors
 * @param protocolErrors connections closed because the first length byte of a frame was not 0
 * @param framesDropped frames without a meaning, which get no answer
 * @param framesOversized frames above {@link TtrpcServer.Builder#maxMessageSize} that ended a call, or were answered for one that never began
 * @param callsOverLimit calls refused because {@link TtrpcServer.Builder#maxConcurrentCalls} of their connection were running
 * @param callsOverloaded calls ended because too many waited for the executor, or it refused them
 * @param callsWithLargeMetadata calls refused because of {@link TtrpcServer.Builder#maxMetadataSize}
 * @param callsWhileDraining calls refused because the server was shutting down
 * @param callsStalled calls ended because nobody took their messages, or no thread took them, while their connection was paused
 */
public record ServerStatistics(
        long connectionsAccepted,
        long connectionsRefused,
        long connectionsOverLimit,
        long acceptErrors,
        long protocolErrors,
        long framesDropped,
        long framesOversized,
        long callsOverLimit,
        long callsOverloaded,
        long callsWithLargeMetadata,
        long callsWhileDraining,
        long callsStalled) {}
