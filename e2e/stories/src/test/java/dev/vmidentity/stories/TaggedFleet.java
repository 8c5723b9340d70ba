package dev.vmidentity.stories;

import java.util.Map;

/** The machines of one story, which have a tag that no other story's have, and the selector that finds them by it. */
record TaggedFleet(AzureAdmin azure, Person person) {
    /** The tag's name. */
    String tag() {
        return person.namespace();
    }

    /** Makes a machine whose tag has that value; its id. */
    String machine(String name, String value) {
        return machine(name, Map.of(tag(), value));
    }

    String machine(String name, Map<String, String> tags) {
        String whole = person.namespace() + "-" + name;
        azure.makeVm(whole, tags);
        return azure.vm(whole);
    }

    /** Of a binding's target: those in the stories' group whose tag says prod. */
    String selector() {
        return selector(azure.group("rg-vms"));
    }

    String selector(String... scopes) {
        return "selector: {kinds: [VirtualMachine], scopes: [%s], matchTags: {%s: prod}}"
                .formatted(String.join(", ", scopes), tag());
    }
}
