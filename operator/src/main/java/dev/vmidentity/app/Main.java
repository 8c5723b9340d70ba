package dev.vmidentity.app;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator, and ends it in order when it is told to. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    /** As sysexits has it: something in the configuration is wrong. */
    private static final int WRONG_SETTINGS = 78;

    private Main() {}

    /** Takes no arguments: everything is a setting. */
    public static void main(String[] arguments) {
        switch (Settings.read(System.getenv())) {
            case Settings.Reading.Valid(Settings settings, var doubts) -> {
                doubts.forEach(LOG::warn);
                run(settings);
            }
            case Settings.Reading.Invalid(var errors) -> {
                errors.forEach(LOG::error);
                System.exit(WRONG_SETTINGS);
            }
        }
    }

    private static void run(Settings settings) {
        try {
            // Not closed here: it lives on when main has returned, until the process is told to end.
            @SuppressWarnings("resource")
            var application = new Application(settings, System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(application), "stop"));
            application.start();
        } catch (KubernetesClientException e) {
            LOG.atError()
                    .addKeyValue("cause", rootCause(e))
                    .log(
                            "cannot start: the Kubernetes API server does not answer as it should. Outside a cluster KUBECONFIG"
                                    + " says where it is; inside, see the ServiceAccount and its roles");
            Runtime.getRuntime().halt(1);
        } catch (RuntimeException | IOException e) {
            LOG.error("cannot start", e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static String rootCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static void stop(Application application) {
        int exit = 0;
        try {
            application.close();
        } catch (RuntimeException e) {
            LOG.error("did not stop in order", e);
            exit = 1;
        }
        // The exit code would be that of the signal, and to stop on one is no failure.
        Runtime.getRuntime().halt(exit);
    }
}
