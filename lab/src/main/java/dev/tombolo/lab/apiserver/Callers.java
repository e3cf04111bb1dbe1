package dev.tombolo.lab.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who is asking: by client certificate or by token; and what was asked by whom, for proving what a role needs. */
final class Callers {
    private static final int MOST_RECORDED = 10_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, String> userByToken = new ConcurrentHashMap<>();
    private final Map<String, String> tokenByUser = new ConcurrentHashMap<>();
    private final Set<String> requests = new ConcurrentSkipListSet<>();

    String tokenFor(String namespace, String serviceAccount) {
        return tokenByUser.computeIfAbsent("system:serviceaccount:" + namespace + ":" + serviceAccount, user -> {
            byte[] bytes = new byte[32];
            RANDOM.nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            userByToken.put(token, user);
            return token;
        });
    }

    String authenticate(HttpExchange exchange) {
        return byToken(exchange)
                .or(() -> byCertificate(exchange))
                .orElseThrow(() -> ApiError.of(401, "Unauthorized", "Unauthorized"));
    }

    private Optional<String> byToken(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null || !header.startsWith("Bearer ")
                ? Optional.empty()
                : Optional.ofNullable(
                        userByToken.get(header.substring("Bearer ".length()).strip()));
    }

    private static Optional<String> byCertificate(HttpExchange exchange) {
        try {
            String subject = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName();
            return new LdapName(subject)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> part.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException unreadable) {
            return Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    void record(String user, String verb, Route route) {
        if (requests.size() < MOST_RECORDED) {
            String subresource = route.subresource().isEmpty() ? "" : "/" + route.subresource();
            String scope = route.namespace().isEmpty() ? "cluster" : route.namespace();
            requests.add(user + " " + verb + " " + route.kind().resource() + subresource + " " + scope);
        }
    }

    Set<String> recorded() {
        return requests;
    }
}
