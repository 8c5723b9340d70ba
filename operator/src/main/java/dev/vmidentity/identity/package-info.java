/**
 * UserAssignedIdentity: that an identity exists in Azure, and that no other one is touched.
 *
 * <p>Owns the reconciler, the tags by which an identity in Azure is known as an object's own ({@link
 * dev.vmidentity.identity.IdentityTags}), and the decisions ({@link dev.vmidentity.identity.IdentityPlanner}, pure).
 * Azure is reached through the core's port {@code Identities}; who uses an identity is asked through {@link
 * dev.vmidentity.identity.IdentityUses}. Must not know bindings, ledgers or machines. Tests: the decisions as tables and
 * whole rounds against the Azure in memory, in this package's test folder.
 *
 * <p>What the tags cannot tell: the PUT of an identity is an upsert without a precondition. Should somebody else create
 * the same identity in the second between our read and our PUT, the answer is 200 and not 201, and our mark is taken off
 * again; should that very answer also be lost, it looks like ours. And tags that others write in the second between a
 * read and a PUT are overwritten.
 */
@NullMarked
package dev.vmidentity.identity;

import org.jspecify.annotations.NullMarked;
