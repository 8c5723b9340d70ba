package dev.vmidentity.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a status when it differs from the one that is there, and else leaves the API server in peace.
 *
 * <p>A cache lags behind one's own writes: what was written last counts until the cache shows that or something newer.
 */
public final class StatusWriter {
    private final Server server;
    private final Map<String, Written> latest = new ConcurrentHashMap<>();

    private record Written(Object status, @Nullable String resourceVersion) {}

    /** The one call that it makes. */
    public interface Server {
        /**
         * Applies a fresh object of name, namespace, uid and status.
         *
         * @return the object's resourceVersion afterwards; null when there is no such object any longer
         */
        @Nullable
        String apply(CustomResource<?, ?> fresh);
    }

    public StatusWriter(Server server) {
        this.server = server;
    }

    /** @param fieldManager under which the status is applied; the same for ever, or fields of old stay behind */
    public StatusWriter(KubernetesClient client, String fieldManager) {
        this(fresh -> apply(client, fieldManager, fresh));
    }

    /**
     * Writes the status, unless it is there already.
     *
     * @param object as the cache has it; is not changed
     * @return whether it was written: false when it was there, and when the object is gone
     * @throws KubernetesClientException when the API server does not take it
     */
    public <S, R extends CustomResource<?, S>> boolean write(R object, S status) {
        if (status.equals(current(object))) {
            return false;
        }
        var version = server.apply(fresh(object, status));
        if (version == null) {
            forget(uid(object));
            return false;
        }
        latest.put(uid(object), new Written(status, version));
        return true;
    }

    /** The status as it is to our best knowledge; null when there is none. The one to render the next from. */
    public <S, R extends CustomResource<?, S>> @Nullable S current(R object) {
        var written = latest.get(uid(object));
        if (written == null || isAtLeast(object.getMetadata().getResourceVersion(), written.resourceVersion())) {
            return object.getStatus();
        }
        @SuppressWarnings("unchecked") // put by write() for this very object's uid, and so of its type
        var status = (S) written.status();
        return status;
    }

    /** Call it when the object is gone. */
    public void forget(String uid) {
        latest.remove(uid);
    }

    private static String uid(CustomResource<?, ?> object) {
        return object.getMetadata().getUid();
    }

    /** Resource versions of one resource can be compared as numbers; where one is none, the cache is not trusted. */
    private static boolean isAtLeast(@Nullable String cached, @Nullable String written) {
        if (cached == null || written == null) {
            return false;
        }
        try {
            return Long.parseLong(cached) >= Long.parseLong(written);
        } catch (NumberFormatException e) {
            return cached.equals(written);
        }
    }

    /** Not the cached object: applied whole, its spec would become this field manager's. */
    private static <S, R extends CustomResource<?, S>> R fresh(R object, S status) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                // An object of the same name that was made anew shall not get the status of the old one.
                .withUid(uid(object))
                .build();
        try {
            @SuppressWarnings("unchecked")
            var fresh = (R) object.getClass().getDeclaredConstructor().newInstance();
            fresh.setMetadata(metadata);
            fresh.setStatus(status);
            return fresh;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a kind of ours without a public constructor: " + object.getClass(), e);
        }
    }

    private static @Nullable String apply(KubernetesClient client, String fieldManager, CustomResource<?, ?> fresh) {
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(fieldManager)
                .withForce(true)
                .build();
        try {
            return client.resource(fresh)
                    .subresource("status")
                    .patch(context)
                    .getMetadata()
                    .getResourceVersion();
        } catch (KubernetesClientException e) {
            // 404: deleted; 409: deleted and made anew, the uid is another one.
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return null;
            }
            throw e;
        }
    }
}
