package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Objects in etcd, one key each; every write is a comparison with the revision that was read. Thread-safe. */
final class ObjectStore implements AutoCloseable {
    private static final long LONGEST_CALL_SECONDS = 10;

    private final Client client;
    private final String prefix;

    ObjectStore(List<String> endpoints, String prefix) {
        this.client = Client.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .maxInboundMessageSize(64 << 20)
                .build();
        this.prefix = prefix;
    }

    /** Objects of a list and the revision at which they were read. */
    record Listing(List<ObjectNode> items, long revision) {}

    Optional<StoredObject> get(ResourceKind kind, String namespace, String name) {
        var response = await(client.getKVClient().get(key(kind, namespace, name)));
        return response.getKvs().stream().findFirst().map(ObjectStore::stored);
    }

    Listing list(ResourceKind kind, String namespace) {
        String directory = directory(kind) + (namespace.isEmpty() ? "" : namespace + "/");
        var response = await(client.getKVClient()
                .get(bytes(directory), GetOption.builder().isPrefix(true).build()));
        var items = new ArrayList<ObjectNode>();
        response.getKvs().forEach(kv -> items.add(stored(kv).object()));
        return new Listing(items, response.getHeader().getRevision());
    }

    /** Creates an object, or says by an empty result that it exists. */
    Optional<StoredObject> create(ResourceKind kind, ObjectNode object) {
        return write(kind, object, CmpTarget.version(0));
    }

    /** Replaces an object that still has this revision; empty when it was changed in between. */
    Optional<StoredObject> replace(ResourceKind kind, ObjectNode object, long revision) {
        return write(kind, object, CmpTarget.modRevision(revision));
    }

    private Optional<StoredObject> write(ResourceKind kind, ObjectNode object, CmpTarget<?> expected) {
        var key = key(kind, Json.namespace(object), Json.name(object));
        Json.metadata(object).remove("resourceVersion");
        var put = Op.put(key, ByteSequence.from(Json.bytes(object)), PutOption.DEFAULT);
        TxnResponse response = await(client.getKVClient()
                .txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, expected))
                .Then(put)
                .commit());
        return response.isSucceeded()
                ? Optional.of(versioned(object, response.getHeader().getRevision()))
                : Optional.empty();
    }

    /** Removes an object that still has this revision; false when it was changed in between. */
    boolean delete(ResourceKind kind, String namespace, String name, long revision) {
        var key = key(kind, namespace, name);
        return await(client.getKVClient()
                        .txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)))
                        .Then(Op.delete(key, DeleteOption.DEFAULT))
                        .commit())
                .isSucceeded();
    }

    long revision() {
        return await(client.getKVClient().get(bytes(prefix))).getHeader().getRevision();
    }

    Client client() {
        return client;
    }

    String prefix() {
        return prefix;
    }

    /** The resource that a key belongs to. */
    String resourceOf(String key) {
        return key.substring(prefix.length() + 1, key.indexOf('/', prefix.length() + 1));
    }

    static StoredObject stored(KeyValue kv) {
        return versioned(Json.parseObject(kv.getValue().getBytes()), kv.getModRevision());
    }

    static StoredObject versioned(ObjectNode object, long revision) {
        Json.metadata(object).put("resourceVersion", Long.toString(revision));
        return new StoredObject(object, revision);
    }

    private String directory(ResourceKind kind) {
        return prefix + "/" + kind.resource() + "/";
    }

    private ByteSequence key(ResourceKind kind, String namespace, String name) {
        return bytes(directory(kind) + (kind.namespaced() ? namespace + "/" : "") + name);
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static <T> T await(CompletableFuture<T> call) {
        try {
            return call.get(LONGEST_CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw ApiError.of(
                    500, "InternalError", "etcd: " + failure.getCause().getMessage());
        } catch (TimeoutException late) {
            throw ApiError.of(504, "Timeout", "etcd did not answer within " + LONGEST_CALL_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ApiError.of(503, "ServiceUnavailable", "the server is stopping");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
