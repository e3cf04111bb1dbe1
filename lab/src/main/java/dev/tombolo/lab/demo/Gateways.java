package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.Programs;

/** The nodes of cluster1 that carry packets of egress policies. */
record Gateways(Programs programs) {
    /** Lets a node be one. */
    void choose(int cluster, String node) {
        programs.kubectl(cluster, "label", "--overwrite", "node", node, "egress=yes");
    }

    /** The opposite. */
    void dismiss(int cluster, String node) {
        programs.kubectl(cluster, "label", "node", node, "egress-");
    }

    boolean has(String node, String address) {
        return programs.onNode(1, node, "ip", "-o", "-4", "address", "show").contains(" " + address + "/");
    }

    /** Kills what carries packets on a node, and its agent. */
    void kill(String node) {
        kill("tombolo-agent", node, "agent");
        kill("tombolo-wireguard", node, "carriers");
    }

    private void kill(String app, String node, String container) {
        String pod = programs.kubectl(
                        1,
                        "-n",
                        "tombolo-system",
                        "get",
                        "pods",
                        "-l",
                        "app=" + app,
                        "--field-selector",
                        "spec.nodeName=" + node,
                        "-o",
                        "jsonpath={.items[0].metadata.name}")
                .strip();
        programs.fault("kill", "--context", "cluster1", "-n", "tombolo-system", pod + "/" + container);
    }
}
