package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Joins clusters as a GitOps tool does: files applied with kubectl, and no other command. */
final class AppliedObjects {
    private final MeshLab lab;

    AppliedObjects(MeshLab lab) {
        this.lab = lab;
    }

    void apply(int cluster, String manifest) throws IOException {
        Path file = Files.writeString(Files.createTempFile(lab.home.directory(), "applied", ".yaml"), manifest);
        lab.programs.kubectl(cluster, "apply", "-f", file.toString());
    }

    /** What each says of itself becomes a MeshPeer of the other; what it signs becomes the other's certificate. */
    void declareEachOther(int a, int b) throws IOException {
        apply(a, peer(b, "").toString());
        apply(b, peer(a, "").toString());
        apply(a, peer(b, signedBy(b, a)).toString());
        apply(b, peer(a, signedBy(a, b)).toString());
    }

    private String signedBy(int authority, int peer) {
        String path = "/status/issuedCertificate";
        String[] object = {"meshpeer", "cluster" + peer};
        MeshLab.await(
                "cluster" + authority + " to sign",
                () -> !lab.get(authority, object).at(path).asText().isEmpty());
        return lab.get(authority, object).at(path).asText();
    }

    private ObjectNode peer(int of, String clientCertificate) {
        JsonNode said = lab.get(of, "clustermesh", "cluster").path("status");
        var peer = JsonNodeFactory.instance.objectNode();
        peer.put("apiVersion", "tombolo.dev/v1alpha1").put("kind", "MeshPeer");
        peer.putObject("metadata").put("name", said.path("clusterName").asText());
        var spec = peer.putObject("spec");
        for (String field : new String[] {
            "clusterId",
            "maxConnectedClusters",
            "endpoints",
            "certificateAuthority",
            "certificateRequest",
            "podCIDRs",
            "nodeCIDRs",
            "tunnelCIDR"
        }) {
            spec.set(field, said.path(field));
        }
        if (!clientCertificate.isEmpty()) {
            spec.put("clientCertificate", clientCertificate);
        }
        return peer;
    }
}
