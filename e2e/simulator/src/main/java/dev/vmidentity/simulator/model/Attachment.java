package dev.vmidentity.simulator.model;

/**
 * One user-assigned identity on a machine.
 *
 * @param id      the key of the dictionary, in the case first sent
 * @param settled whether the operation that attached it has succeeded; until then ARM shows it as {@code {}}
 */
public record Attachment(String id, String principalId, String clientId, boolean settled) {

    public Attachment settle() {
        return settled ? this : new Attachment(id, principalId, clientId, true);
    }
}
