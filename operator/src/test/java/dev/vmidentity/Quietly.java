package dev.vmidentity;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** For tests of thousands of machines or histories, each of which has lines of its own to say. */
public final class Quietly implements BeforeAllCallback, AfterAllCallback {
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.vmidentity");

    @Override
    public void beforeAll(ExtensionContext context) {
        ours.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ours.setLevel(null);
    }
}
