package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * etcd through jetcd. The id of the etcd cluster that answers first is pinned: behind one address there may be several
 * etcds with states of their own, and mixing them would delete what only one of them has. When another answers, or the
 * same one after it was emptied, every call fails with {@link Kind#CLUSTER_CHANGED} from then on and nothing is sent; the
 * owner closes this store and opens a new one.
 */
public final class EtcdStore implements KvStore {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(10);

    private static final int IN_FLIGHT = 16;

    private final Client client;
    private final ExecutorService callbacks;
    private final EtcdPin pin = new EtcdPin();

    private EtcdStore(Client client, ExecutorService callbacks) {
        this.client = client;
        this.callbacks = callbacks;
    }

    /** Sends a request. */
    interface Request<R extends Response> {
        CompletableFuture<R> send();
    }

    /** A request that was sent, and what its answer must not fall behind. */
    private record Sent<R extends Response>(String operation, CompletableFuture<R> answer, long floor) {}

    /** Makes a client; connects at the first call. */
    public static EtcdStore open(EtcdAddress address) throws KvException {
        // One thread, so that watch events are delivered in order; nothing that runs on it blocks.
        ExecutorService callbacks = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("etcd callbacks").factory());
        try {
            return new EtcdStore(EtcdClient.make(address, callbacks), callbacks);
        } catch (KvException unusable) {
            callbacks.shutdown();
            throw unusable;
        }
    }

    /** The etcd cluster that is pinned; 0 before the first answer. */
    public long clusterId() {
        return pin.cluster();
    }

    @Override
    public Optional<Value> get(String key) throws KvException {
        var response = call("get " + key, () -> client.getKVClient().get(bytes(key)));
        return response.getKvs().stream().findFirst().map(kv -> value(kv.getValue()));
    }

    @Override
    public Optional<Revised> getRevised(String key) throws KvException {
        var response = call("get " + key, () -> client.getKVClient().get(bytes(key)));
        return response.getKvs().stream().findFirst().map(kv -> new Revised(value(kv.getValue()), kv.getModRevision()));
    }

    @Override
    public Listing list(String prefix) throws KvException {
        var pages = new Pages(prefix);
        while (!pages.isComplete()) {
            try {
                pages.take(page(pages));
            } catch (KvException failure) {
                pages.askForLess(failure);
            }
        }
        return pages.listing();
    }

    private GetResponse page(Pages pages) throws KvException {
        return call("list " + pages.prefix(), () -> client.getKVClient().get(pages.from(), pages.option()));
    }

    @Override
    public void commit(List<Write> writes) throws KvException {
        await(submit(writes));
    }

    @Override
    public Map<Integer, KvException> commitAll(List<List<Write>> batches) {
        var failures = new HashMap<Integer, KvException>();
        var underWay = new TreeMap<Integer, Sent<TxnResponse>>();
        for (int i = 0; i <= batches.size(); i++) {
            while (!underWay.isEmpty() && (i == batches.size() || underWay.size() >= IN_FLIGHT)) {
                var oldest = underWay.pollFirstEntry();
                attempt(oldest.getKey(), failures, () -> await(oldest.getValue()));
            }
            if (i < batches.size()) {
                int batch = i;
                attempt(batch, failures, () -> underWay.put(batch, submit(batches.get(batch))));
            }
        }
        return failures;
    }

    private interface Step {
        void run() throws KvException;
    }

    private static void attempt(int batch, Map<Integer, KvException> failures, Step step) {
        try {
            step.run();
        } catch (KvException failure) {
            failures.put(batch, failure);
        }
    }

    private Sent<TxnResponse> submit(List<Write> writes) throws KvException {
        var operations = operations(writes);
        return send(
                "write " + writes.getFirst().key(),
                () -> client.getKVClient().txn().Then(operations).commit());
    }

    private static Op[] operations(List<Write> writes) {
        if (writes.size() > MOST_WRITES) {
            throw new IllegalStateException(writes.size() + " writes in one transaction, at most " + MOST_WRITES);
        }
        return writes.stream().map(EtcdStore::operation).toArray(Op[]::new);
    }

    private static Op operation(Write write) {
        return switch (write) {
            case Write.Put(var key, var value, var lease) ->
                Op.put(
                        bytes(key),
                        ByteSequence.from(value.bytes()),
                        PutOption.builder().withLeaseId(lease.orElse(0)).build());
            case Write.Delete(var key) -> Op.delete(bytes(key), DeleteOption.DEFAULT);
        };
    }

    @Override
    public boolean commitIf(List<Condition> conditions, List<Write> writes) throws KvException {
        var compares = conditions.stream().map(EtcdStore::compare).toArray(Cmp[]::new);
        var operations = operations(writes);
        return call(
                        "write " + writes.getFirst().key(),
                        () -> client.getKVClient()
                                .txn()
                                .If(compares)
                                .Then(operations)
                                .commit())
                .isSucceeded();
    }

    private static Cmp compare(Condition condition) {
        var key = bytes(condition.key());
        return switch (condition) {
            case Condition.Absent _ -> new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(0));
            case Condition.Unchanged(var _, var revision) ->
                new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
            case Condition.Has(var _, var value) ->
                new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(ByteSequence.from(value.bytes())));
        };
    }

    @Override
    public boolean create(String key, Value value) throws KvException {
        return commitIf(List.of(new Condition.Absent(key)), List.of(Write.put(key, value)));
    }

    @Override
    public void deletePrefix(String prefix) throws KvException {
        call(
                "delete " + prefix,
                () -> client.getKVClient()
                        .delete(
                                bytes(prefix),
                                DeleteOption.builder().isPrefix(true).build()));
    }

    @Override
    public long grantLease(Duration timeToLive) throws KvException {
        return call("grant a lease", () -> client.getLeaseClient().grant(Math.max(1, timeToLive.toSeconds())))
                .getID();
    }

    @Override
    public void keepAlive(long lease) throws KvException {
        var answer = call("keep a lease alive", () -> client.getLeaseClient().keepAliveOnce(lease));
        if (answer.getTTL() <= 0) {
            throw new KvException(Kind.LEASE_LOST, "lease " + Long.toHexString(lease) + " is gone");
        }
    }

    @Override
    public void revokeLease(long lease) throws KvException {
        call("revoke a lease", () -> client.getLeaseClient().revoke(lease));
    }

    @Override
    public AutoCloseable watch(String prefix, long fromRevision, WatchListener listener) throws KvException {
        pin.floor();
        return EtcdWatch.start(client, pin, prefix, fromRevision, listener);
    }

    <R extends Response> R call(String operation, Request<R> request) throws KvException {
        return await(send(operation, request));
    }

    private <R extends Response> Sent<R> send(String operation, Request<R> request) throws KvException {
        long floor = pin.floor();
        return new Sent<>(operation, request.send(), floor);
    }

    private <R extends Response> R await(Sent<R> sent) throws KvException {
        try {
            R response = sent.answer.get(LONGEST_CALL.toMillis(), TimeUnit.MILLISECONDS);
            pin.check(response, sent.floor);
            return response;
        } catch (ExecutionException failure) {
            throw EtcdErrors.explain(sent.operation, failure.getCause());
        } catch (TimeoutException late) {
            sent.answer.cancel(true);
            throw EtcdErrors.explain(sent.operation, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KvException(Kind.UNREACHABLE, sent.operation + ": interrupted", interrupted);
        }
    }

    /** For the package's administration of users. */
    Client client() {
        return client;
    }

    static ByteSequence prefixEnd(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return ByteSequence.from(end);
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    static Value value(ByteSequence bytes) {
        return Value.of(bytes.getBytes());
    }

    @Override
    public void close() {
        client.close();
        callbacks.shutdown();
    }
}
