package dev.ttrpc.client;

/**
 * What has happened on a channel since it was made. A snapshot; each number is right by itself, and none ever falls.
 *
 * <p>What a server does wrong shows here and, frame by frame, in the log at debug level only.
 *
 * @param connectionsMade connections that were ready for calls
 * @param connectionAttemptsFailed attempts to connect that failed
 * @param connectionsLost connections that ended otherwise than by this channel: closed by the server, or of an I/O error
 * @param retries further attempts of calls that a {@link RetryPolicy} allowed
 * @param resentCalls calls that were sent once more because a draining server had refused them
 * @param droppedFrames frames for calls that had ended or had never been
 * @param oversizedFrames frames over the message limit, whose bodies were discarded
 * @param stalledCalls calls that failed because their messages were not taken while they held up the connection
 * @param protocolErrors calls and connections that failed because of a frame that makes no sense
 */
public record ClientStatistics(
        long connectionsMade,
        long connectionAttemptsFailed,
        long connectionsLost,
        long retries,
        long resentCalls,
        long droppedFrames,
        long oversizedFrames,
        long stalledCalls,
        long protocolErrors) {
    /** Nothing has happened. */
    public static final ClientStatistics NONE = new ClientStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The sum of both, number by number. */
    public ClientStatistics plus(ClientStatistics other) {
        return new ClientStatistics(
                connectionsMade + other.connectionsMade,
                connectionAttemptsFailed + other.connectionAttemptsFailed,
                connectionsLost + other.connectionsLost,
                retries + other.retries,
                resentCalls + other.resentCalls,
                droppedFrames + other.droppedFrames,
                oversizedFrames + other.oversizedFrames,
                stalledCalls + other.stalledCalls,
                protocolErrors + other.protocolErrors);
    }
}
