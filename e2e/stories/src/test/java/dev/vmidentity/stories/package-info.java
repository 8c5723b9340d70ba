/**
 * What is told about the whole, on a real API server: what the API takes and refuses, and who may do what.
 *
 * <p>It uses what is under {@code deploy/} and nothing else.
 */
@NullMarked
package dev.vmidentity.stories;

import org.jspecify.annotations.NullMarked;
