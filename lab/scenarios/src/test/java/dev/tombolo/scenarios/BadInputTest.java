package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a peer's owner can write into its own etcd, and what a MeshPeer can ask for: refused, counted and shown. */
@ExtendWith(InMeshLab.class)
class BadInputTest {
    private static final String STATE = "cilium/state/";
    private static final String BAD = STATE + "services/v1/cluster2/bad/";
    private static final String GOOD = STATE + "services/v1/cluster2/good/";
    private static final String SERVICE = """
            {"cluster":"%s","namespace":"%s","name":"%s","frontends":{},"backends":{"%s":{"http":{"Protocol":"TCP","Port":8080}}},\
            "includeExternal":true,"shared":true,"clusterID":2}""";
    private static final String FOREIGN_IDENTITY = STATE + "identities/v1/id/70000";

    @TempDir
    private Path directory;

    @Test
    void objectsOutsideTheDeclarationAreRefusedAndEverythingElseGoesOn(MeshLab lab) {
        var peer = EtcdUser.admin(lab, 2);
        var load = lab.shop.startLoadUntilAsked(1, 100);
        writeBadObjects(peer);
        writeHarmlessObjects(peer);
        MeshLab.await("what is refused to be counted", () -> count(lab, "ADDRESS_IS_OURS") == 2);
        assertThat(refused(lab)).isEqualTo(MeshLab.json("""
                {"MALFORMED":1,"WRONG_CLUSTER":1,"ID_OUT_OF_RANGE":1,"ADDRESS_IS_OURS":2,"ADDRESS_FORBIDDEN":1,
                 "ADDRESS_NOT_DECLARED":2,"TOO_LARGE":1}"""));
        assertThat(EtcdUser.admin(lab, 1).keys("cilium/cache/services/v1/cluster2/"))
                .as("what was copied: the harmless ones and nothing else")
                .containsExactlyInAnyOrder(
                        "cilium/cache/services/v1/cluster2/good/unknown-fields",
                        "cilium/cache/services/v1/cluster2/good/wrong-case",
                        "cilium/cache/services/v1/cluster2/shop/echo");
        var status = lab.programs.attempt("status", "--context", "cluster1");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.output()).contains("cluster2", "refused", "MALFORMED", "TOO_LARGE");
        assertThat(lab.programs.kubectl(1, "get", "events", "-A"))
                .contains("objects of this peer are refused (MALFORMED): " + BAD + "malformed")
                .contains("objects of this peer are refused (TOO_LARGE): " + BAD + "large");
        clean(peer);
        MeshLab.await("nothing to be refused any more", () -> refused(lab).isMissingNode());
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
    }

    @Test
    void aHundredThousandJunkKeysFillNeitherMemoryNorTheMirror(MeshLab lab) {
        var peer = EtcdUser.admin(lab, 2);
        var load = lab.shop.startLoadUntilAsked(1, 100);
        long before = Memory.residentMebibytes(lab, 1, "apiserver");
        peer.putMany(BAD, 100_000);
        MeshLab.await("all of them to be counted", () -> count(lab, "MALFORMED") >= 100_000);
        assertThat(Memory.residentMebibytes(lab, 1, "apiserver"))
                .as("resident MiB; it was %s", before)
                .isLessThan(before + 256);
        assertThat(EtcdUser.admin(lab, 1).keys("cilium/cache/services/v1/cluster2/"))
                .containsExactly("cilium/cache/services/v1/cluster2/shop/echo");
        clean(peer);
        MeshLab.await("nothing to be refused any more", () -> refused(lab).isMissingNode());
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
    }

    @Test
    void aRequestForTheNameOfAnAdministratorIsNotSigned(MeshLab lab) throws IOException {
        var before = lab.get(1, "meshpeer", "cluster2");
        for (String name : new String[] {"root", "admin-cluster1"}) {
            lab.patch(1, "meshpeer", "cluster2", "{\"spec\":{\"certificateRequest\":" + request(name) + "}}");
            MeshLab.await(
                    "the request to be refused",
                    () -> lab.get(1, "meshpeer", "cluster2")
                            .at("/status/lastError/message")
                            .asText()
                            .contains("CN=" + name));
            var status = lab.get(1, "meshpeer", "cluster2").path("status");
            assertThat(status.path("issuedCertificate")).isEqualTo(before.at("/status/issuedCertificate"));
            var shown = lab.programs.attempt("status", "--context", "cluster1");
            assertThat(shown.code()).isEqualTo(1);
            assertThat(shown.output()).contains("CN=" + name, "CN=remote-cluster2");
        }
        var result = lab.shop.load(1, 100);
        assertThat(result.ok()).isEqualTo(100);
        assertThat(result.byCluster()).containsOnlyKeys("cluster1", "cluster2");
        lab.patch(
                1,
                "meshpeer",
                "cluster2",
                "{\"spec\":{\"certificateRequest\":" + before.at("/spec/certificateRequest") + "}}");
    }

    private static void writeBadObjects(EtcdUser peer) {
        peer.put(BAD + "malformed", "{no json");
        peer.put(BAD + "another", SERVICE.formatted("cluster9", "bad", "another", "10.2.1.77"));
        peer.put(BAD + "ours", SERVICE.formatted("cluster2", "bad", "ours", "10.1.1.77"));
        peer.put(BAD + "loopback", SERVICE.formatted("cluster2", "bad", "loopback", "127.0.0.1"));
        peer.put(BAD + "world", SERVICE.formatted("cluster2", "bad", "world", "8.8.8.8"));
        peer.put(BAD + "large", "x".repeat(1_400_000));
        peer.put(FOREIGN_IDENTITY, "k8s:app=x;k8s:io.cilium.k8s.policy.cluster=cluster2;");
        peer.put(STATE + "ip/v1/default/8.8.8.8", endpoint("8.8.8.8"));
        peer.put(STATE + "ip/v1/default/10.1.1.77", endpoint("10.1.1.77"));
    }

    private static void writeHarmlessObjects(EtcdUser peer) {
        String service = SERVICE.formatted("cluster2", "good", "%s", "10.2.1.77");
        peer.put(
                GOOD + "unknown-fields",
                service.formatted("unknown-fields").replace("\"shared\"", "\"novelty\":[{}],\"shared\""));
        peer.put(
                GOOD + "wrong-case",
                service.formatted("wrong-case")
                        .replace("\"namespace\"", "\"NameSpace\"")
                        .replace("\"clusterID\"", "\"ClusterId\""));
    }

    private static String endpoint(String address) {
        return "{\"IP\":\"%s\",\"HostIP\":\"172.30.2.11\",\"ID\":131073,\"Key\":255,\"Metadata\":\"\"}"
                .formatted(address);
    }

    private static void clean(EtcdUser peer) {
        peer.run("del", "--prefix", BAD);
        peer.run("del", "--prefix", GOOD);
        peer.run("del", FOREIGN_IDENTITY);
        peer.run("del", STATE + "ip/v1/default/8.8.8.8");
        peer.run("del", STATE + "ip/v1/default/10.1.1.77");
    }

    private static JsonNode refused(MeshLab lab) {
        return lab.get(1, "meshpeer", "cluster2").at("/status/refused");
    }

    private static long count(MeshLab lab, String reason) {
        return refused(lab).path(reason).asLong();
    }

    /** A request for a common name, as a string of JSON. */
    private String request(String name) throws IOException {
        Path file = directory.resolve("request");
        Commands.run(
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                directory.resolve("key").toString(),
                "-out",
                file.toString());
        return "\"" + Files.readString(file).replace("\n", "\\n") + "\"";
    }
}
