package dev.vmidentity.stories;

import dev.vmidentity.stack.LocalStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The local stack and its actors. */
public final class Stage implements AutoCloseable {
    static final Map<String, String> EVERYTHING = Map.of(
            "vmidentity.dev/targets", "/",
            "vmidentity.dev/assign", "/",
            "vmidentity.dev/manage", "/",
            "vmidentity.dev/grant", "/",
            "vmidentity.dev/roles", "*",
            "vmidentity.dev/allow", "DisableSystemAssigned,Adopt,Exclusive,Selector");

    private final LocalStack stack;
    private final Path home;
    private final AzureAdmin azure;
    private final List<Person> people = new CopyOnWriteArrayList<>();

    Stage(LocalStack stack, Path home) {
        this.stack = stack;
        this.home = home;
        this.azure = new AzureAdmin(
                stack.azure().endpoint(),
                stack.azure().authority(),
                stack.azure().subscription());
    }

    /** A person in a new namespace that may do everything. */
    Person person() {
        return person(EVERYTHING);
    }

    /** A person in a new namespace with these annotations. */
    Person person(Map<String, String> annotations) {
        String namespace = "team-" + UUID.randomUUID().toString().substring(0, 8);
        Person person = Person.in(stack.admin(), namespace, annotations);
        people.add(person);
        return person;
    }

    /** Everybody goes, and what they have declared with them: it would be looked after while others tell their stories. */
    void clear() {
        people.forEach(Person::deleteNamespace);
        people.clear();
    }

    AzureAdmin azure() {
        return azure;
    }

    /** Ends the operator as a power cut would. */
    void killOperator() {
        stack.operator().orElseThrow().kill();
        Eventually.is("the operator has ended", () -> stack.operator().isEmpty());
    }

    void startOperator() {
        stack.startOperator().awaitReady();
    }

    /** Asks the operator to end, as Kubernetes does. */
    void stopOperator() {
        stack.operator().orElseThrow().close();
    }

    LocalStack stack() {
        return stack;
    }

    Path home() {
        return home;
    }

    @Override
    public void close() {
        stack.close();
    }
}
