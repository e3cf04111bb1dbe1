package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/** What Kubernetes shows of the egress policies of cluster1. */
record EgressConditions(MeshLab lab) {
    /** A condition as {@code STATUS REASON: MESSAGE}; empty where the policy has none of that type. */
    String of(String policy, String type) {
        var conditions = lab.get(1, "ciliumegressgatewaypolicy", policy).at("/status/conditions");
        return StreamSupport.stream(conditions.spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(EgressConditions::text)
                .findFirst()
                .orElse("");
    }

    private static String text(JsonNode condition) {
        return condition.path("status").asText() + " "
                + condition.path("reason").asText() + ": "
                + condition.path("message").asText();
    }

    /** Waits until a policy is said not to be programmed, for a reason that contains these words. */
    void awaitProblem(String policy, String words) {
        MeshLab.await(policy + " to say: " + words, () -> {
            String programmed = of(policy, "Programmed");
            return programmed.startsWith("False") && programmed.contains(words);
        });
    }

    void awaitInForce(String policy) {
        MeshLab.await(policy + " to be in force", () -> of(policy, "Programmed").startsWith("True InSync"));
    }
}
