/**
 * The local stack: a real control plane, the Azure simulator and the operator, each a process of its own on this machine.
 *
 * <p>Owns how the three are put together: what is applied from {@code deploy/}, which kubeconfig and settings the operator
 * gets. Knows nothing of how the operator works. {@link dev.vmidentity.stack.LocalStack} is for tests,
 * {@link dev.vmidentity.stack.Up} for {@code make up} and {@code make demo}.
 *
 * <p>Tests: every story starts one.
 */
@NullMarked
package dev.vmidentity.stack;

import org.jspecify.annotations.NullMarked;
