package dev.tombolo.cli.session;

import static org.awaitility.Awaitility.await;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.resource.CustomKinds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What there is of egress in a living cluster: the kind, policies and pods of a shop, and what agents say of them. */
final class LivingEgress {
    private static final String DEFINITION = "ciliumegressgatewaypolicies.cilium.io";
    private static final List<String> POLICIES = List.of("""
            metadata: {name: out}
            spec:
              selectors:
                - podSelector: {matchLabels: {app: web}}
                  namespaceSelector: {matchLabels: {team: shop}}
              destinationCIDRs: [198.51.100.0/24]
              excludedCIDRs: [198.51.100.128/25]
              egressGateway: {nodeSelector: {matchLabels: {egress: 'true'}}, egressIP: 192.0.2.10}
            """, """
            metadata: {name: wide, annotations: {egress.tombolo.dev/priority: '5'}}
            spec:
              selectors: [{podSelector: {matchLabels: {app: web}}}]
              destinationCIDRs: [0.0.0.0/0]
              egressGateway: {nodeSelector: {matchLabels: {egress: 'true'}}, interface: eth1}
            """, """
            metadata: {name: away, annotations: {egress.tombolo.dev/cluster: east}}
            spec:
              selectors: [{podSelector: {matchLabels: {app: db}}}]
              destinationCIDRs: [0.0.0.0/0]
              egressGateway: {nodeSelector: {matchLabels: {egress: 'true'}}}
            """, """
            metadata: {name: bad}
            spec:
              selectors: []
              destinationCIDRs: [0.0.0.0/0]
              egressGateway: {nodeSelector: {}}
            """);

    private final KubernetesClient client;
    private final KubeApi api;
    private final Instant begin;
    private final LivingLegs legs = new LivingLegs();
    private final Map<String, List<EgressProgrammed>> held = new ConcurrentHashMap<>();

    LivingEgress(KubernetesClient client, KubeApi api, Instant begin) {
        this.client = client;
        this.api = api;
        this.begin = begin;
    }

    /** What a node's agent says of policies. */
    List<EgressProgrammed> held(String node) {
        return held.getOrDefault(node, List.of());
    }

    /** False for what has nothing to do with egress. */
    boolean happens(String what) throws IOException {
        switch (what) {
            case "has no egress policies" -> undefine();
            case "has Cilium's egress policies" ->
                define(Manifests.ciliumKinds().replaceFirst("(?m)^ *subresources:.*\\n", ""));
            case "has egress policies" -> define(Manifests.ciliumKinds());
            case "shop goes out by n2" -> shop();
            case "policies are looked at" -> lookAtPolicies();
            case "wide is deleted" ->
                client.genericKubernetesResources(CustomKinds.EGRESS_POLICY.context())
                        .withName("wide")
                        .delete();
            case "n2 is no gateway" ->
                client.nodes()
                        .withName("n2")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"egress\":null}}}");
            case "n1 and n2 have out" -> List.of("n1", "n2").forEach(node -> says(node, 1, ""));
            case "n2 has an older out" -> says("n2", 0, "");
            case "n2 carries connections of out" ->
                held.put(
                        "n2",
                        List.of(new EgressProgrammed("out", 1, "")
                                .with(new EgressLoad(
                                        23_004, "192.0.2.10", "203.0.113.9:443 TCP", 22_001, 64_512, 0, ""))));
            case "n2 says nothing of policies" -> held.remove("n2");
            case "n2 is full" -> says("n2", 1, "map eg_rules is full");
            case "bad is deleted" ->
                client.genericKubernetesResources(CustomKinds.EGRESS_POLICY.context())
                        .withName("bad")
                        .delete();
            default -> {
                return legs.happens(what);
            }
        }
        return true;
    }

    LivingLegs legs() {
        return legs;
    }

    private void says(String node, long generation, String problem) {
        held.put(node, List.of(new EgressProgrammed("out", generation, problem)));
    }

    private void define(String kinds) throws IOException {
        undefine();
        api.writes().manifests().apply(kinds);
        await().until(() -> api.writes().manifests().established(DEFINITION));
    }

    private void undefine() {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .delete();
        await().until(() -> !api.writes().manifests().established(DEFINITION));
    }

    private void shop() {
        node("n1", "");
        node("n2", "egress: 'true'");
        create("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shop}}}");
        pod("web", "10.1.0.7");
        pod("db", "10.1.0.8");
        for (String policy : POLICIES) {
            create("apiVersion: cilium.io/v2\nkind: CiliumEgressGatewayPolicy\n" + policy);
        }
    }

    private void node(String name, String labels) {
        create("{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {%s}}}".formatted(name, labels));
        client.nodes()
                .withName(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    }

    private void pod(String name, String address) {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: shop, labels: {app: %s}}
                spec: {nodeName: n1, containers: [{name: c, image: i}]}
                """.formatted(name, name));
        client.pods()
                .inNamespace("shop")
                .withName(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"phase\":\"Running\",\"podIPs\":[{\"ip\":\"%s\"}]}}".formatted(address));
    }

    private void create(String yaml) {
        // A text that starts with a brace would be taken for JSON.
        var object = Serialization.unmarshal("---\n" + yaml, GenericKubernetesResource.class);
        if (object.getKind().equals(CustomKinds.EGRESS_POLICY.kind())) {
            client.genericKubernetesResources(CustomKinds.EGRESS_POLICY.context())
                    .resource(object)
                    .create();
        } else {
            client.resource(object).create();
        }
    }

    /** What the mesh API server writes into policies, for one that works, one that waits, and one that is refused. */
    private void lookAtPolicies() throws IOException {
        var gateway = new EgressPolicyObject.Gateway("n2", "west", "", "192.0.2.10", 64, "");
        write("out", 1, List.of(gateway), condition("Programmed", "True", "InSync", "2 of 2 nodes"));
        write(
                "wide",
                1,
                List.of(),
                condition("Programmed", "False", "Pending", "1 of 2 nodes"),
                condition("Conflict", "True", "SameDestination", "0.0.0.0/0 goes by policy other"));
        write(
                "away",
                0,
                List.of(),
                condition("Programmed", "True", "NoMatch", "no pod is selected, so there is nothing to do"));
        write(
                "bad",
                0,
                List.of(),
                condition("Programmed", "False", "Invalid", "spec.selectors: read nothing, expected an entry"));
    }

    private void write(String policy, int pods, List<EgressPolicyObject.Gateway> gateways, Condition... conditions)
            throws IOException {
        String names = gateways.isEmpty() ? "" : gateways.getFirst().node();
        String addresses = gateways.isEmpty() ? "" : gateways.getFirst().egressIP();
        var status = new EgressPolicyObject.Status(1, pods, names, addresses, gateways, List.of(conditions));
        api.writes().statuses().egressPolicy(policy, status);
    }

    private Condition condition(String type, String status, String reason, String message) {
        return new Condition(type, status, reason, message, Optional.of(begin));
    }
}
