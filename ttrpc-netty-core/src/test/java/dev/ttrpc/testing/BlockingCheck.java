package dev.ttrpc.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class in which something blocked an event loop of ttrpc. For whole classes, with {@code ExtendWith}. */
public final class BlockingCheck implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        if (BlockingRecorder.isInstalled()) {
            BlockingRecorder.takeAll(); // of classes that are not checked
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> blocked = BlockingRecorder.takeAll();
        if (!blocked.isEmpty()) {
            throw new AssertionError("An event loop was blocked " + blocked.size() + " times in "
                    + context.getDisplayName() + ":\n" + String.join("\n", blocked));
        }
    }
}
