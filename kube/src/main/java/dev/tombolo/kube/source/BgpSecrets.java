package dev.tombolo.kube.source;

import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.reconciler.table.Table;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks for certain Secrets, each by its name: an agent must not be able to list those of a namespace that others use too, so
 * that there is nothing to watch. They are looked for when others are named and then again and again. A Secret has a
 * row from when the API has answered for it; while it does not answer, what is known stays. A thread of its own, "bgp-secrets",
 * reads and writes the table; every other method may be called by anybody.
 */
public final class BgpSecrets implements KubeSource {
    private static final String KEY = "password";

    private final KubernetesClient client;
    private final String namespace;
    private final Table<String, BgpSecret> table;
    private final Duration betweenLooks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Null until somebody says which. */
    private Set<String> names;

    private boolean pending;
    private boolean closed;
    private volatile String lastError = "";

    private BgpSecrets(
            KubernetesClient client, String namespace, Table<String, BgpSecret> table, Duration betweenLooks) {
        this.client = client;
        this.namespace = namespace;
        this.table = table;
        this.betweenLooks = betweenLooks;
    }

    static BgpSecrets start(
            KubernetesClient client, String namespace, Table<String, BgpSecret> table, Duration betweenLooks) {
        var secrets = new BgpSecrets(client, namespace, table, betweenLooks);
        Thread.ofVirtual().name("bgp-secrets").start(secrets::look);
        return secrets;
    }

    /** Says which; others lose their row. The table is initialized when all of the first ones were looked for. */
    public void follow(Set<String> secrets) {
        lock.lock();
        try {
            pending |= !secrets.equals(names);
            names = Set.copyOf(secrets);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        while (awaitOccasion()) {
            read(current());
        }
    }

    private boolean awaitOccasion() {
        lock.lock();
        try {
            long left = betweenLooks.toNanos();
            while (!closed && !pending && (left > 0 || names == null)) {
                left = changed.awaitNanos(left > 0 ? left : betweenLooks.toNanos());
            }
            pending = false;
            return !closed;
        } catch (InterruptedException ended) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private Set<String> current() {
        lock.lock();
        try {
            return names;
        } finally {
            lock.unlock();
        }
    }

    private void read(Set<String> wanted) {
        Map<String, BgpSecret> rows = new HashMap<>();
        String failure = "";
        for (String name : wanted) {
            try {
                rows.put(name, new BgpSecret(name, password(name)));
            } catch (IOException unanswered) {
                failure = String.valueOf(unanswered.getMessage());
            }
        }
        lastError = failure;
        var gone = new HashSet<String>();
        table.snapshot().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !wanted.contains(name))
                .forEach(gone::add);
        table.apply(rows, gone);
        if (failure.isEmpty()) {
            table.markInitialized();
        }
    }

    private Optional<Password> password(String name) throws IOException {
        var secret = KubeCall.call(
                "reading Secret " + namespace + "/" + name,
                () -> client.secrets().inNamespace(namespace).withName(name).get());
        return Optional.ofNullable(secret)
                .map(Secret::getData)
                .map(data -> data.get(KEY))
                .flatMap(BgpSecrets::decoded)
                .filter(text -> !text.isEmpty())
                .map(Password::new);
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    @Override
    public boolean watching() {
        return lastError.isEmpty();
    }

    @Override
    public Optional<String> lastError() {
        return Optional.of(lastError).filter(text -> !text.isEmpty());
    }

    @Override
    public boolean kindIsMissing() {
        return false;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
