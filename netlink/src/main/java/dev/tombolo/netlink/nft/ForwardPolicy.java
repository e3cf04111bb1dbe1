package dev.tombolo.netlink.nft;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether the node lets packets be forwarded into and out of the tunnel; an accept of ours can't overrule a drop. */
public sealed interface ForwardPolicy {
    record Accept() implements ForwardPolicy {}

    /**
     * @param where the table and chain whose policy is drop
     * @param fix the command that lets the tunnel's packets pass
     */
    record Drop(String where, String fix) implements ForwardPolicy {}

    record Unknown(String reason) implements ForwardPolicy {}

    static ForwardPolicy check(HostCommand host, String device) {
        try {
            return nftables(host, device).or(() -> legacy(host, device)).orElseGet(Accept::new);
        } catch (IOException e) {
            return new Unknown(e.getMessage());
        }
    }

    private static Optional<ForwardPolicy> nftables(HostCommand host, String device) throws IOException {
        var listed = host.run("", "nft", "list", "chains");
        if (!listed.succeeded()) {
            return Optional.of(new Unknown("nft list chains: " + listed.output()));
        }
        for (var chain : ForwardChain.thatDrop(listed.output())) {
            var rules = host.run("", "nft", "list", "chain", chain.family(), chain.table(), chain.name());
            if (!chain.accepts(rules.output(), device)) {
                return Optional.of(new Drop("nftables " + chain, chain.fix(device)));
            }
        }
        return Optional.empty();
    }

    /** Asked only where the legacy table exists: iptables-legacy would make it by looking. */
    private static Optional<ForwardPolicy> legacy(HostCommand host, String device) {
        try {
            var tables = host.run("", "cat", "/proc/self/net/ip_tables_names");
            if (!tables.succeeded() || !tables.output().contains("filter")) {
                return Optional.empty();
            }
            String rules = host.run("", "iptables-legacy", "-S", "FORWARD").output();
            boolean passes = Pattern.compile("-i " + Pattern.quote(device) + " -j ACCEPT")
                            .matcher(rules)
                            .find()
                    && Pattern.compile("-o " + Pattern.quote(device) + " -j ACCEPT")
                            .matcher(rules)
                            .find();
            return rules.contains("-P FORWARD DROP") && !passes
                    ? Optional.of(new Drop(
                            "iptables-legacy filter FORWARD", ForwardChain.iptables("iptables-legacy", device)))
                    : Optional.empty();
        } catch (IOException noSuchProgram) {
            return Optional.of(new Unknown(noSuchProgram.getMessage()));
        }
    }
}
