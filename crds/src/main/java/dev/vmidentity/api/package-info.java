/** The three kinds of the API as Java records. */
@NullMarked
package dev.vmidentity.api;

import org.jspecify.annotations.NullMarked;
