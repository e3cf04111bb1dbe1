package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.lab.programs.Outcome;
import dev.tombolo.lab.programs.Shop;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The mesh's etcd holds nothing that is not made again: from Kubernetes, and from the peers. */
@ExtendWith(InMeshLab.class)
class EtcdLossTest {
    private static final String GHOST = "cilium/state/services/v1/cluster1/shop/ghost";
    private static final String MIRRORED_GHOST = "cilium/cache/services/v1/cluster2/shop/ghost";

    private static final String SERVICE = """
            {"cluster":"%s","namespace":"shop","name":"ghost","frontends":{},"backends":{"%s":{"http":{"Protocol":"TCP","Port":8080}}},\
            "includeExternal":true,"shared":true,"clusterID":%d}""";

    @Test
    void anEmptiedEtcdIsFilledAgainWithTheSameIdentities(MeshLab lab) {
        var before = identities(lab);
        var published = EtcdUser.admin(lab, 1).keys("cilium/state/identities/");
        assertThat(published).hasSizeGreaterThanOrEqualTo(2);
        var load = lab.shop.startLoadUntilAsked(1, 100);
        String pod = lab.shop.pods(1, MeshLab.SYSTEM, "clustermesh-apiserver").getFirst();
        String uid =
                lab.get(1, "-n", MeshLab.SYSTEM, "pod", pod).at("/metadata/uid").asText();
        for (String node : new String[] {"node1", "node2"}) {
            lab.onNode(1, node, "rm -rf /var/lib/kubelet/pods/" + uid + "/volumes/etcd/data");
        }
        lab.signal("kill", 1, "clustermesh-apiserver", "etcd");
        MeshLab.await("etcd to be filled again", () -> answersWith(lab, published.size()));
        assertThat(EtcdUser.admin(lab, 1).keys("cilium/state/identities/")).isEqualTo(published);
        assertThat(identities(lab)).isEqualTo(before);
        MeshLab.await(
                "the peer to read it again",
                () -> lab.look("status", "--context", "cluster2").code() == 0);
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        expectStillGuarded(lab);
    }

    @Test
    void whatAnEarlierProcessLeftIsSweptBeforeTheCanaries(MeshLab lab) {
        var admin = EtcdUser.admin(lab, 1);
        admin.put(GHOST, SERVICE.formatted("cluster1", "10.1.1.77", 1));
        admin.put(MIRRORED_GHOST, SERVICE.formatted("cluster2", "10.2.1.77", 2));
        try (var watch = admin.watch("cilium/")) {
            MeshLab.await("the watch to be told of a beat or a mark", () -> marked(admin, watch));
            lab.signal("kill", 1, "clustermesh-apiserver", "apiserver");
            MeshLab.await("canaries of the new process", () -> canaryAfterSweep(watch.printed(), "services/v1"));
        }
        assertThat(admin.keys(GHOST)).isEmpty();
        assertThat(admin.keys(MIRRORED_GHOST)).isEmpty();
    }

    /** An etcd that lost its users must not be open to everybody whom its authority certified. */
    private static void expectStillGuarded(MeshLab lab) {
        Outcome denied = EtcdUser.remote(lab, 2, 1).attempt("get", "--prefix", "cilium/cache/");
        assertThat(denied.output()).contains("permission denied");
        Outcome refused = EtcdUser.local(lab, 1).attempt("put", GHOST, "{}");
        assertThat(refused.output()).contains("permission denied");
    }

    private static boolean answersWith(MeshLab lab, int identities) {
        var outcome = EtcdUser.admin(lab, 1).attempt("get", "--prefix", "--keys-only", "cilium/state/identities/");
        return outcome.code() == 0
                && outcome.output().lines().filter(line -> !line.isBlank()).count() == identities;
    }

    private static boolean marked(EtcdUser admin, EtcdUser.Watch watch) {
        admin.put("cilium/mark", "x");
        admin.run("del", "cilium/mark");
        return watch.printed().contains("cilium/mark");
    }

    /**
     * Whether both ghosts went; ours before the canary of its kind was written, in the order in which etcd tells it. The
     * copy of a peer keeps the canaries it had, because agents live on it while the peer is away.
     */
    private static boolean canaryAfterSweep(String printed, String kind) {
        int swept = printed.indexOf("DELETE\n" + GHOST);
        int sweptMirror = printed.indexOf("DELETE\n" + MIRRORED_GHOST);
        int canary = printed.indexOf("PUT\ncilium/synced/cluster1/cilium/state/" + kind);
        boolean told = swept >= 0 && sweptMirror >= 0 && canary >= 0;
        if (told) {
            assertThat(swept).as("published").isLessThan(canary);
        }
        return told;
    }

    private static Map<String, JsonNode> identities(MeshLab lab) {
        var identities = new TreeMap<String, JsonNode>();
        for (JsonNode object : lab.get(1, "meshidentities").path("items")) {
            identities.put(object.at("/metadata/name").asText(), object.path("spec"));
        }
        return identities;
    }
}
