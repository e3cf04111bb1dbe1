package dev.tombolo.apiserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer may send: each is refused for itself, counted and shown, and everything else goes on. */
class BadInputTest {
    private static final String IPS = "cilium/state/ip/v1/default/";
    private static final String NODES = "cilium/state/nodes/v1/cluster2/";
    private static final String GOOD = "cilium/cache/ip/v1/cluster2/10.2.1.1";
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final PeersOnTwins mesh = new PeersOnTwins();

    @BeforeEach
    void serve() throws Exception {
        mesh.serve(2);
        mesh.serve(3);
        ip("10.2.1.1");
        mesh.put("cluster3", IPS + "10.3.1.1", endpoint("10.3.1.1", "172.30.3.11", 196_608));
        mesh.declare(PeersOnTwins.peer(2));
        mesh.declare(PeersOnTwins.peer(3));
        fresh();
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private void fresh() {
        await().atMost(LONGEST).untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").state()).isEqualTo(State.Fresh);
            assertThat(mesh.status("cluster3").state()).isEqualTo(State.Fresh);
        });
        await().until(() -> mesh.copied("cluster2").contains(GOOD));
    }

    private static String endpoint(String ip, String host, long identity) {
        return "{\"IP\":\"" + ip + "\",\"HostIP\":\"" + host + "\",\"ID\":" + identity + "}";
    }

    private void ip(String address) throws Exception {
        mesh.put("cluster2", IPS + address, endpoint(address, "172.30.2.11", 131_072));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    malformed JSON              | MALFORMED            | ip/v1/default/10.2.1.7             | {not json
                    JSON that is no object      | MALFORMED            | ip/v1/default/10.2.1.7             | []
                    text where a number belongs | MALFORMED            | ip/v1/default/10.2.1.7             | {"IP":"10.2.1.7","ID":"x"}
                    wrong cluster in the value  | WRONG_CLUSTER        | nodes/v1/cluster2/n                | {"Name":"n","Cluster":"cluster3","ClusterID":2}
                    wrong cluster in a label    | WRONG_CLUSTER        | identities/v1/id/131073            | k8s:io.cilium.k8s.policy.cluster=cluster3;
                    identity of another cluster | ID_OUT_OF_RANGE      | ip/v1/default/10.2.1.7             | {"IP":"10.2.1.7","ID":65536}
                    cluster id of another       | ID_OUT_OF_RANGE      | nodes/v1/cluster2/n                | {"Name":"n","Cluster":"cluster2","ClusterID":3}
                    a pod address of ours       | ADDRESS_IS_OURS      | ip/v1/default/10.1.1.7             | {"IP":"10.1.1.7","ID":131072}
                    a service address of ours   | ADDRESS_IS_OURS      | ip/v1/default/10.96.0.1            | {"IP":"10.96.0.1","ID":131072}
                    a node address of ours      | ADDRESS_IS_OURS      | ip/v1/default/10.2.1.7             | {"IP":"10.2.1.7","HostIP":"172.30.1.11","ID":131072}
                    an address of another peer  | ADDRESS_IS_OURS      | ip/v1/default/10.3.1.7             | {"IP":"10.3.1.7","ID":131072}
                    loopback                    | ADDRESS_FORBIDDEN    | ip/v1/default/127.0.0.1            | {"IP":"127.0.0.1","ID":131072}
                    the metadata service        | ADDRESS_FORBIDDEN    | ip/v1/default/169.254.169.254      | {"IP":"169.254.169.254","ID":131072}
                    the world                   | ADDRESS_NOT_DECLARED | ip/v1/default/8.8.8.8              | {"IP":"8.8.8.8","ID":131072}
                    the world as a range        | WRONG_KEY            | ip/v1/default/8.8.8.8/32           | {"IP":"8.8.8.8","Mask":"/////w==","ID":131072}
                    everything                  | ADDRESS_FORBIDDEN    | ip/v1/default/0.0.0.0/0            | {"IP":"0.0.0.0","Mask":"AAAAAA==","ID":131072}
                    a default route as pods     | ADDRESS_FORBIDDEN    | nodes/v1/cluster2/n                | {"Name":"n","Cluster":"cluster2","ClusterID":2,"IPv4AllocCIDR":{"IP":"0.0.0.0","Mask":"AAAAAA=="}}
                    a backend of ours           | ADDRESS_IS_OURS      | services/v1/cluster2/shop/web      | {"cluster":"cluster2","clusterID":2,"namespace":"shop","name":"web","backends":{"10.1.1.7":{}}}
                    the key of another          | WRONG_KEY            | ip/v1/default/10.2.1.7             | {"IP":"10.2.1.8","ID":131072}
                    """)
    void isRefusedCountedAndShown(String what, String reason, String key, String value) throws Exception {
        mesh.put("cluster2", "cilium/state/" + key, value);
        await().atMost(LONGEST).untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").refused()).isEqualTo(Map.of(reason, 1L));
        });
        assertThat(mesh.events)
                .singleElement()
                .asString()
                .startsWith(reason + ": ")
                .contains("read ");
        everythingElseGoesOn();
    }

    private void everythingElseGoesOn() throws Exception {
        ip("10.2.9.9");
        mesh.put("cluster3", IPS + "10.3.9.9", endpoint("10.3.9.9", "172.30.3.11", 196_608));
        await().atMost(LONGEST)
                .until(() -> mesh.copied("cluster2").equals(Set.of(GOOD, "cilium/cache/ip/v1/cluster2/10.2.9.9"))
                        && mesh.copied("cluster3").size() == 2);
        mesh.pass();
        assertThat(mesh.status("cluster2").state()).isEqualTo(State.Fresh);
        assertThat(mesh.status("cluster2").connected()).isTrue();
        assertThat(mesh.status("cluster3").refused()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    unknown fields | {"IP":"10.2.1.7","HostIP":"172.30.2.11","ID":131072,"Later":{"a":[1]}}
                    wrong case     | {"ip":"10.2.1.7","hostip":"172.30.2.11","id":131072}
                    absent fields  | {"IP":"10.2.1.7","ID":131072}
                    """)
    void isAccepted(String what, String value) throws Exception {
        mesh.put("cluster2", IPS + "10.2.1.7", value);
        await().until(() -> mesh.copied("cluster2").contains("cilium/cache/ip/v1/cluster2/10.2.1.7"));
        mesh.pass();
        assertThat(mesh.status("cluster2").refused()).isEmpty();
    }

    @Test
    void aValueThatIsTooLargeIsRefused() throws Exception {
        mesh.put("cluster2", NODES + "n", "{\"Name\":\"" + "n".repeat(1_400_000) + "\"}");
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").refused()).isEqualTo(Map.of("TOO_LARGE", 1L));
        });
        assertThat(mesh.events)
                .singleElement()
                .asString()
                .contains("1400011 bytes")
                .hasSizeLessThan(1_000);
        everythingElseGoesOn();
    }

    @Test
    void whatWasGoodAndIsBadNowIsTakenAway() throws Exception {
        mesh.put("cluster2", GOOD.replace("cache/ip/v1/cluster2", "state/ip/v1/default"), "{not json");
        await().until(() -> mesh.copied("cluster2").isEmpty());
    }

    private void flood(int count, IntFunction<Write> write) throws Exception {
        var batch = new ArrayList<Write>();
        for (int i = 0; i < count; i++) {
            batch.add(write.apply(i));
            if (batch.size() == KvStore.MOST_WRITES || i == count - 1) {
                mesh.remote("cluster2").commit(List.copyOf(batch));
                batch.clear();
            }
        }
    }

    /** Once as changes, once as a listing. */
    @Test
    void aHundredThousandJunkKeysAreCountedAndCostNothingElse() throws Exception {
        flood(100_000, i -> Write.put(IPS + "junk-" + i, Value.of("junk")));
        counts("MALFORMED", 100_000);
        mesh.remote("cluster2").cut();
        await().until(() -> {
            mesh.pass();
            return mesh.status("cluster2").state() == State.Stale;
        });
        mesh.remote("cluster2").heal();
        fresh();
        counts("MALFORMED", 100_000);
        assertThat(mesh.events).hasSize(1);
        everythingElseGoesOn();
    }

    @Test
    void goodKeysStopAtTheQuotaHoweverManyThereAre() throws Exception {
        flood(60_000, i -> {
            String address = "10.2." + (i / 250 + 2) % 250 + "." + (i % 250 + 1);
            return Write.put(IPS + address, Value.of(endpoint(address, "172.30.2.11", 131_072)));
        });
        await().atMost(LONGEST).untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").refused()).containsKey("QUOTA_EXCEEDED");
            assertThat(mesh.status("cluster2").counts()).isEqualTo(new Counts(0, 0, 100, 0));
        });
        assertThat(mesh.copied("cluster2")).hasSize(100);
        assertThat(mesh.copied("cluster3")).hasSize(1);
    }

    private void counts(String reason, long count) {
        await().atMost(LONGEST).untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").refused()).isEqualTo(Map.of(reason, count));
        });
    }

    @Test
    void aRequestForRootIsRefusedAndThePeerIsReadAllTheSame() throws Exception {
        mesh.objects.remove("cluster2");
        mesh.pass();
        mesh.declare(PeersOnTwins.peer(2, requestFor("root")));
        fresh();
        var status = mesh.status("cluster2");
        assertThat(status.issuedCertificate()).isEmpty();
        assertThat(status.lastError().orElseThrow().cause()).isEqualTo("CertificateRequestRefused");
        assertThat(status.lastError().orElseThrow().message()).contains("CN=root", "CN=remote-cluster2");
        assertThat(status.conditions())
                .filteredOn(condition -> condition.type().equals("Valid"))
                .singleElement()
                .extracting(Condition::holds)
                .isEqualTo(false);
        everythingElseGoesOn();
    }

    private static String requestFor(String commonName) throws Exception {
        var openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-new",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        "/dev/null",
                        "-subj",
                        "/CN=" + commonName)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void everyReasonHasItsCountBesideTheOthers() throws Exception {
        mesh.put("cluster2", IPS + "10.2.1.7", "{");
        mesh.put("cluster2", IPS + "10.2.1.8", "{");
        mesh.put("cluster2", IPS + "8.8.8.8", endpoint("8.8.8.8", "172.30.2.11", 131_072));
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(new TreeMap<>(mesh.status("cluster2").refused()))
                    .isEqualTo(Map.of("MALFORMED", 2L, "ADDRESS_NOT_DECLARED", 1L));
        });
        assertThat(new TreeSet<>(mesh.events)).hasSize(2);
    }
}
