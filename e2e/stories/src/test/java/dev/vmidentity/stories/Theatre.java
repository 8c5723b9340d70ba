package dev.vmidentity.stories;

import dev.vmidentity.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the stories their {@link Stage}: one stack for all classes, ended with the last. */
public final class Theatre implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(Theatre.class);

    /** Short, so that a story takes seconds; what they mean is the same. */
    private static final Map<String, String> CLOCKS = Map.of(
            "VMIDENTITY_OBSERVE_INTERVAL", "PT2S",
            "VMIDENTITY_ABSENT_INTERVAL", "PT1S",
            "VMIDENTITY_GONE_AFTER", "PT3S",
            "VMIDENTITY_POLL_INTERVAL", "PT0.3S",
            "VMIDENTITY_SELECTOR_INTERVAL", "PT1S");

    @Override
    public void beforeAll(ExtensionContext context) {
        stage(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stage(context).clear();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stage.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return stage(context);
    }

    private static Stage stage(ExtensionContext context) {
        return context.getRoot().getStore(SPACE).computeIfAbsent(Stage.class, _ -> build(), Stage.class);
    }

    private static Stage build() {
        try {
            Path home = Files.createTempDirectory("vm-identity-stories");
            LocalStack.Settings quick = LocalStack.Settings.temporary(home);
            LocalStack stack = LocalStack.start(
                    new LocalStack.Settings(
                            quick.repository(), quick.home(), quick.durable(), quick.simulator(), CLOCKS),
                    System.out::println);
            return new Stage(stack, home);
        } catch (IOException e) {
            throw new IllegalStateException("no folder for the stack", e);
        }
    }
}
