package dev.ttrpc.sample.agent;

import com.google.protobuf.ByteString;
import dev.ttrpc.sample.v1.FileChunk;
import dev.ttrpc.sample.v1.FileSummary;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What has arrived of a file. For one thread at a time. */
class FileDigest {
    private final MessageDigest sha256;
    private long chunks;
    private long bytes;

    FileDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void add(FileChunk chunk) {
        chunks++;
        bytes += chunk.getContent().size();
        chunk.getContent().asReadOnlyByteBufferList().forEach(sha256::update);
    }

    /** The sum of all that was added. Starts anew. */
    FileSummary summary() {
        return FileSummary.newBuilder()
                .setChunks(chunks)
                .setBytes(bytes)
                .setSha256(ByteString.copyFrom(sha256.digest()))
                .build();
    }
}
