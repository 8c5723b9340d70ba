package dev.vmidentity.simulator.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Supplier;

/** The settings in force. */
public final class LiveSettings implements Supplier<Settings> {
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(Settings.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    /** Objects with members of any name: they are replaced as a whole. */
    private static final Set<String> FREE = Set.of("policy.tags");

    private volatile Settings settings;

    public LiveSettings(Settings initial) {
        this.settings = initial;
    }

    @Override
    public Settings get() {
        return settings;
    }

    public synchronized void set(Settings changed) {
        settings = changed;
    }

    /** Members that the document has take the place of those in force, at any depth. */
    public Settings merge(String json) {
        try {
            return merge(Json.MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    Settings merge(JsonNode document) {
        if (!(document instanceof ObjectNode object)) {
            throw new IllegalArgumentException("Settings are a JSON object.");
        }
        synchronized (this) {
            ObjectNode tree = Json.MAPPER.valueToTree(settings);
            lay(tree, object, "");
            try {
                Settings merged = READER.readValue(tree);
                settings = merged;
                return merged;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e.getOriginalMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    ObjectNode json() {
        return Json.MAPPER.valueToTree(settings);
    }

    private static void lay(ObjectNode below, ObjectNode over, String path) {
        over.properties().forEach(member -> {
            var name = member.getKey();
            if (!below.has(name)) {
                throw new IllegalArgumentException("There is no setting '%s%s'.".formatted(path, name));
            }
            if (FREE.contains(path + name)) {
                below.set(name, member.getValue());
            } else if (below.get(name) instanceof ObjectNode inner) {
                if (!(member.getValue() instanceof ObjectNode innerOver)) {
                    throw new IllegalArgumentException("The setting '%s%s' is an object.".formatted(path, name));
                }
                lay(inner, innerOver, path + name + ".");
            } else {
                below.set(name, member.getValue());
            }
        });
    }
}
