/** The directory (Microsoft Entra ID), as far as clients need it to get a token, and the little of Microsoft Graph that they ask. */
@NullMarked
package dev.vmidentity.simulator.directory;

import org.jspecify.annotations.NullMarked;
