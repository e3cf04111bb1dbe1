package dev.tombolo.agent.egress.flow;

import dev.tombolo.model.net.IpAddress;
import java.util.Map;

/** What the numbers and addresses of events stand for, as of some moment. */
public record FlowNames(String node, Map<IpAddress, String> pods, Map<Integer, String> policies) {
    String pod(IpAddress address) {
        return pods.getOrDefault(address, "");
    }

    String policy(int number) {
        return policies.getOrDefault(number, "");
    }
}
