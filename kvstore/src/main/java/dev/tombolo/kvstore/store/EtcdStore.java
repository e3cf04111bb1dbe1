package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.net.URI;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * etcd through jetcd. The id of the etcd cluster that answers first is pinned: behind one address there may be several
 * etcds with states of their own, and mixing them would delete what only one of them has. When another answers, every
 * call fails with {@link Kind#CLUSTER_CHANGED} and so do the watches; the owner closes this store and opens a new one.
 */
public final class EtcdStore implements KvStore {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
    private static final int LARGEST_MESSAGE = 64 << 20;
    private static final int PAGE = 2_000;
    private static final int IN_FLIGHT = 16;

    private final Client client;
    private final ExecutorService callbacks;
    private final AtomicLong pinnedCluster = new AtomicLong();

    private EtcdStore(Client client, ExecutorService callbacks) {
        this.client = client;
        this.callbacks = callbacks;
    }

    /** Makes a client; connects at the first call. */
    public static EtcdStore open(EtcdAddress address) throws KvException {
        // One thread, so that watch events are delivered in order; nothing that runs on it blocks.
        ExecutorService callbacks = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("etcd callbacks").factory());
        try {
            return new EtcdStore(client(address, callbacks), callbacks);
        } catch (IllegalArgumentException unusable) {
            // A peer's endpoints are input: they must not end the thread that follows it.
            callbacks.shutdown();
            throw new KvException(
                    Kind.REFUSED,
                    "endpoints " + address.endpoints() + " cannot be used: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static Client client(EtcdAddress address, ExecutorService callbacks) throws KvException {
        address.endpoints().forEach(EtcdStore::requireEndpoint);
        var builder = Client.builder()
                .endpoints(address.endpoints().toArray(String[]::new))
                .executorService(callbacks)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .keepaliveTime(Duration.ofSeconds(15))
                .keepaliveTimeout(Duration.ofSeconds(25))
                .keepaliveWithoutCalls(true)
                .waitForReady(false);
        address.serverName().ifPresent(builder::authority);
        if (address.tls().isPresent()) {
            builder.sslContext(ClientTls.context(address.tls().get()));
        }
        return builder.build();
    }

    /** jetcd looks at a port at the first call only, and throws there. */
    private static void requireEndpoint(String endpoint) {
        var uri = URI.create(endpoint);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("read '" + endpoint + "', expected https://host:port");
        }
    }

    /** The etcd cluster that is pinned; 0 before the first answer. */
    public long clusterId() {
        return pinnedCluster.get();
    }

    @Override
    public Optional<Value> get(String key) throws KvException {
        var response = await("get " + key, client.getKVClient().get(bytes(key)));
        return response.getKvs().stream().findFirst().map(kv -> value(kv.getValue()));
    }

    @Override
    public Listing list(String prefix) throws KvException {
        var values = new TreeMap<String, Value>();
        ByteSequence end = prefixEnd(prefix);
        ByteSequence from = bytes(prefix);
        long revision = 0;
        while (true) {
            GetResponse page = page(prefix, from, end, revision);
            revision = revision == 0 ? page.getHeader().getRevision() : revision;
            page.getKvs().forEach(kv -> values.put(text(kv.getKey()), value(kv.getValue())));
            if (!page.isMore() || page.getKvs().isEmpty()) {
                return new Listing(revision, values);
            }
            from = ByteSequence.from(text(page.getKvs().getLast().getKey()) + "\0", StandardCharsets.UTF_8);
        }
    }

    private GetResponse page(String prefix, ByteSequence from, ByteSequence end, long revision) throws KvException {
        var option = GetOption.builder()
                .withRange(end)
                .withLimit(PAGE)
                .withRevision(revision)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
        return await("list " + prefix, client.getKVClient().get(from, option));
    }

    @Override
    public void commit(List<Write> writes) throws KvException {
        await("write " + writes.getFirst().key(), submit(writes));
    }

    @Override
    public Map<Integer, KvException> commitAll(List<List<Write>> batches) {
        var failures = new HashMap<Integer, KvException>();
        var underWay = new TreeMap<Integer, CompletableFuture<? extends Response>>();
        for (int i = 0; i <= batches.size(); i++) {
            while (!underWay.isEmpty() && (i == batches.size() || underWay.size() >= IN_FLIGHT)) {
                var oldest = underWay.pollFirstEntry();
                try {
                    await("write " + batches.get(oldest.getKey()).getFirst().key(), oldest.getValue());
                } catch (KvException failure) {
                    failures.put(oldest.getKey(), failure);
                }
            }
            if (i < batches.size()) {
                underWay.put(i, submit(batches.get(i)));
            }
        }
        return failures;
    }

    private CompletableFuture<? extends Response> submit(List<Write> writes) {
        if (writes.size() > MOST_WRITES) {
            throw new IllegalStateException(writes.size() + " writes in one transaction, at most " + MOST_WRITES);
        }
        var operations = writes.stream().map(EtcdStore::operation).toArray(Op[]::new);
        return client.getKVClient().txn().Then(operations).commit();
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
    public boolean create(String key, Value value) throws KvException {
        var absent = new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.version(0));
        var put = Op.put(bytes(key), ByteSequence.from(value.bytes()), PutOption.DEFAULT);
        return await(
                        "create " + key,
                        client.getKVClient().txn().If(absent).Then(put).commit())
                .isSucceeded();
    }

    @Override
    public void deletePrefix(String prefix) throws KvException {
        await(
                "delete " + prefix,
                client.getKVClient()
                        .delete(
                                bytes(prefix),
                                DeleteOption.builder().isPrefix(true).build()));
    }

    @Override
    public long grantLease(Duration timeToLive) throws KvException {
        return await("grant a lease", client.getLeaseClient().grant(Math.max(1, timeToLive.toSeconds())))
                .getID();
    }

    @Override
    public void keepAlive(long lease) throws KvException {
        var answer = await("keep a lease alive", client.getLeaseClient().keepAliveOnce(lease));
        if (answer.getTTL() <= 0) {
            throw new KvException(Kind.LEASE_LOST, "lease " + Long.toHexString(lease) + " is gone");
        }
    }

    @Override
    public void revokeLease(long lease) throws KvException {
        await("revoke a lease", client.getLeaseClient().revoke(lease));
    }

    @Override
    public AutoCloseable watch(String prefix, long fromRevision, WatchListener listener) {
        var option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(fromRevision)
                .withRequireLeader(true)
                .build();
        var ended = new AtomicBoolean();
        var watcher = client.getWatchClient()
                .watch(
                        bytes(prefix),
                        option,
                        Watch.listener(
                                response -> {
                                    try {
                                        pin(response);
                                        listener.changed(response.getEvents().stream()
                                                .map(EtcdStore::event)
                                                .toList());
                                    } catch (KvException changed) {
                                        end(listener, ended, changed);
                                    }
                                },
                                // A broken connection is reported here although jetcd resumes the watch by itself;
                                // listing again is always right, resuming is right only if nothing was compacted.
                                failure -> end(listener, ended, EtcdErrors.explain("watch " + prefix, failure)),
                                () -> end(
                                        listener,
                                        ended,
                                        new KvException(Kind.UNREACHABLE, "the watch of " + prefix + " ended"))));
        return () -> {
            ended.set(true);
            watcher.close();
        };
    }

    private static void end(WatchListener listener, AtomicBoolean ended, KvException cause) {
        if (ended.compareAndSet(false, true)) {
            listener.ended(cause);
        }
    }

    private static WatchEvent event(io.etcd.jetcd.watch.WatchEvent event) {
        String key = text(event.getKeyValue().getKey());
        return event.getEventType() == io.etcd.jetcd.watch.WatchEvent.EventType.DELETE
                ? new WatchEvent.Delete(key)
                : new WatchEvent.Put(key, value(event.getKeyValue().getValue()));
    }

    private <R extends Response> R await(String operation, CompletableFuture<R> call) throws KvException {
        try {
            R response = call.get(LONGEST_CALL.toMillis(), TimeUnit.MILLISECONDS);
            pin(response);
            return response;
        } catch (ExecutionException failure) {
            throw EtcdErrors.explain(operation, failure.getCause());
        } catch (TimeoutException late) {
            call.cancel(true);
            throw EtcdErrors.explain(operation, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KvException(Kind.UNREACHABLE, operation + ": interrupted", interrupted);
        }
    }

    private void pin(Response response) throws KvException {
        long answered = response.getHeader().getClusterId();
        if (answered == 0 || (!pinnedCluster.compareAndSet(0, answered) && pinnedCluster.get() != answered)) {
            throw new KvException(
                    Kind.CLUSTER_CHANGED,
                    "etcd cluster " + Long.toHexString(answered) + " answers where "
                            + Long.toHexString(pinnedCluster.get()) + " did before");
        }
    }

    /** For the package's administration of users. */
    Client client() {
        return client;
    }

    <R extends Response> R administer(String operation, CompletableFuture<R> call) throws KvException {
        return await(operation, call);
    }

    static ByteSequence prefixEnd(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return ByteSequence.from(end);
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Value value(ByteSequence bytes) {
        return Value.of(bytes.getBytes());
    }

    @Override
    public void close() {
        client.close();
        callbacks.shutdown();
    }
}
