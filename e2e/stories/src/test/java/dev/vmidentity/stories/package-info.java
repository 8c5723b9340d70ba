/**
 * Stories told on the local stack, by actors: a person with kubectl ({@link dev.vmidentity.stories.Person}), an Azure admin
 * who changes machines behind our back ({@link dev.vmidentity.stories.AzureAdmin}), and the operator, a process of its own
 * under exactly the RBAC that ships. One stack serves them all; each story has a namespace and machines of its own.
 *
 * <p>Not null-marked: a field of a status that is missing where a story wants one is a failure of the story.
 */
package dev.vmidentity.stories;
