package dev.vmidentity.identity;

import java.time.Duration;
import java.util.Optional;

/**
 * What the operator was told about identities.
 *
 * @param cluster the uid of the namespace {@code kube-system}; part of the owner's mark in Azure
 * @param defaultSubscription for objects that name none
 * @param observeInterval how often an identity is read when nothing happens
 * @param absentInterval how often what is awaited is looked for
 * @param goneAfter how long after an identity was seen a 404 may still be a lagging replica's
 */
public record IdentitySettings(
        String cluster,
        Optional<String> defaultSubscription,
        Duration observeInterval,
        Duration absentInterval,
        Duration goneAfter) {}
