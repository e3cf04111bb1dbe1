package dev.tombolo.netlink.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A base chain of nftables at the forward hook. */
record ForwardChain(String family, String table, String name) {
    private static final Pattern TABLE = Pattern.compile("^table (\\S+) (\\S+) \\{");
    private static final Pattern CHAIN = Pattern.compile("^\\s+chain (\\S+) \\{");
    private static final Pattern DROPS = Pattern.compile("hook forward .*policy drop;");

    /** The chains of {@code nft list chains} whose policy is drop, for IP packets. */
    static List<ForwardChain> thatDrop(String listed) {
        var found = new ArrayList<ForwardChain>();
        String family = "";
        String table = "";
        String chain = "";
        for (String line : listed.lines().toList()) {
            var tableLine = TABLE.matcher(line);
            var chainLine = CHAIN.matcher(line);
            if (tableLine.find()) {
                family = tableLine.group(1);
                table = tableLine.group(2);
            } else if (chainLine.find()) {
                chain = chainLine.group(1);
            } else if (DROPS.matcher(line).find()
                    && List.of("ip", "ip6", "inet").contains(family)) {
                found.add(new ForwardChain(family, table, chain));
            }
        }
        return found;
    }

    /** Whether the chain has a rule that accepts by this device alone, for each direction. */
    boolean accepts(String rules, String device) {
        return acceptedBy("iifname", rules, device) && acceptedBy("oifname", rules, device);
    }

    private static boolean acceptedBy(String key, String rules, String device) {
        String counter = "( counter packets \\d+ bytes \\d+)?";
        return Pattern.compile(key + " \"" + Pattern.quote(device) + "\"" + counter + " accept")
                .matcher(rules)
                .find();
    }

    String fix(String device) {
        if (table.equals("filter") && name.equals("FORWARD") && !family.equals("inet")) {
            return iptables(family.equals("ip6") ? "ip6tables" : "iptables", device);
        }
        String insert = "nft insert rule " + this + " ";
        return insert + "iifname " + device + " accept; " + insert + "oifname " + device + " accept";
    }

    static String iptables(String program, String device) {
        return program + " -I FORWARD -i " + device + " -j ACCEPT; " + program + " -I FORWARD -o " + device
                + " -j ACCEPT";
    }

    @Override
    public String toString() {
        return family + " " + table + " " + name;
    }
}
