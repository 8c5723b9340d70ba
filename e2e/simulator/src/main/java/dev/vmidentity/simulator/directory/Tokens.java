package dev.vmidentity.simulator.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.simulator.model.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Access tokens that look like the directory's. Only those given out here are valid; they outlive a restart. */
public final class Tokens {
    private final String tenant;
    private final SecretKeySpec key;

    public Tokens(String tenant) {
        this.tenant = tenant;
        this.key = new SecretKeySpec(("azure-simulator " + tenant).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /** What a token says, once its signature was checked. */
    public sealed interface Reading {
        /** In force. */
        record Valid(String clientId, String objectId) implements Reading {}

        /** Once in force. */
        record Expired(Instant expiry) implements Reading {}

        /** Not from here. */
        record Invalid() implements Reading {}
    }

    /** Object id of a client: the client id itself when it is a GUID, else a GUID made of it. */
    public static String objectId(String clientId) {
        try {
            return UUID.fromString(clientId).toString();
        } catch (IllegalArgumentException e) {
            return UUID.nameUUIDFromBytes(clientId.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    public String issue(String clientId, String audience, String origin, Instant now, Instant expiry) {
        var header = Json.object().put("typ", "JWT").put("alg", "RS256").put("kid", "simulator");
        var claims = Json.object()
                .put("aud", audience)
                .put("iss", origin + "/" + tenant + "/v2.0")
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("exp", expiry.getEpochSecond())
                .put("appid", clientId)
                .put("appidacr", "1")
                .put("idtyp", "app")
                .put("oid", objectId(clientId))
                .put("sub", objectId(clientId))
                .put("tid", tenant)
                .put("ver", "1.0");
        var signed = encode(Json.compact(header)) + "." + encode(Json.compact(claims));
        return signed + "." + signature(signed);
    }

    public Reading read(String token, Instant now) {
        int dot = token.lastIndexOf('.');
        if (dot < 0
                || !MessageDigest.isEqual(
                        token.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
                        signature(token.substring(0, dot)).getBytes(StandardCharsets.UTF_8))) {
            return new Reading.Invalid();
        }
        try {
            JsonNode claims = Json.MAPPER.readTree(
                    new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
            var expiry = Instant.ofEpochSecond(claims.path("exp").asLong());
            return now.isBefore(expiry)
                    ? new Reading.Valid(
                            claims.path("appid").asText(), claims.path("oid").asText())
                    : new Reading.Expired(expiry);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Reading.Invalid();
        }
    }

    private String signature(String signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
