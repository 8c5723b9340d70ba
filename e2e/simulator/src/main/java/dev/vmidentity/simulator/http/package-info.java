/**
 * HTTPS, and nothing of Azure: the certificate authority, requests and answers as values, and a server that can also misbehave (cut a
 * connection, truncate a body, stamp another date). Tested through the whole simulator in {@code dev.vmidentity.simulator}.
 */
@NullMarked
package dev.vmidentity.simulator.http;

import org.jspecify.annotations.NullMarked;
