package dev.vmidentity.controlplane;

/** Somebody else took a port between our finding it free and our server's binding it. */
final class PortTaken extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    PortTaken(String message, Throwable cause) {
        super(message, cause);
    }
}
