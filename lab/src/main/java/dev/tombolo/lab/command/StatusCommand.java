package dev.tombolo.lab.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.lab.daemon.LabFile;
import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.kubelet.ContainerRecords;
import dev.tombolo.lab.network.Router;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Say what a lab consists of.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Option(names = "-o", defaultValue = "table", description = "table or json")
    private String output;

    @Override
    public Integer call() throws Exception {
        Optional<LabFile> file = LabFile.read(lab.home()).filter(LabFile::running);
        if (file.isEmpty()) {
            System.out.println(
                    output.equals("json")
                            ? "{\"name\":\"" + lab.home().name() + "\",\"up\":false}"
                            : "lab " + lab.home().name() + " is not up");
            return 1;
        }
        if (output.equals("json")) {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(describe(file.get())));
        } else {
            print(file.get());
        }
        return 0;
    }

    private void print(LabFile file) throws IOException {
        System.out.printf(
                "lab %s is up: daemon %d, KUBECONFIG=%s, outside %s%n",
                lab.home().name(), file.daemonPid(), lab.home().kubeconfig(), Topology.OUTSIDE_ADDRESS);
        for (Topology.Cluster cluster : file.topology(lab.home()).clusters()) {
            System.out.printf(
                    "%s  %s  CNI %s  etcd %d%n",
                    cluster.name(),
                    file.servers().get(cluster.name()),
                    cluster.networkPlugin(),
                    file.etcdPids().get(cluster.name()));
            List<ContainerRecord> records = new ContainerRecords(lab.home(), cluster.name()).list();
            for (Topology.Node node : cluster.nodes()) {
                System.out.printf(
                        "  %s  %s  pods %s  containers %d%n",
                        node.name(),
                        node.address(),
                        node.podRange(),
                        records.stream()
                                .filter(r -> r.node().equals(node.name()))
                                .count());
            }
        }
    }

    private Map<String, Object> describe(LabFile file) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", lab.home().name());
        all.put("up", true);
        all.put("kubeconfig", lab.home().kubeconfig().toString());
        all.put(
                "outside",
                Map.of(
                        "address",
                        Topology.OUTSIDE_ADDRESS,
                        "namespace",
                        lab.home().namespace("outside")));
        var router = new Router(file.topology(lab.home()));
        all.put(
                "router",
                Map.of(
                        "namespace",
                        router.namespace(),
                        "control",
                        router.control().toString(),
                        "asn",
                        Router.ASN));
        all.put("internet", Map.of("namespace", lab.home().namespace("internet")));
        List<Object> clusters = new ArrayList<>();
        List<Object> processes = new ArrayList<>(List.of(Map.of("name", "daemon", "pid", file.daemonPid())));
        for (Topology.Cluster cluster : file.topology(lab.home()).clusters()) {
            clusters.add(cluster(file, cluster));
            processes.add(Map.of(
                    "name",
                    "etcd",
                    "cluster",
                    cluster.name(),
                    "pid",
                    file.etcdPids().get(cluster.name())));
            new ContainerRecords(lab.home(), cluster.name())
                    .list().stream().map(StatusCommand::process).forEach(processes::add);
        }
        all.put("clusters", clusters);
        all.put("processes", processes);
        return all;
    }

    private static Map<String, Object> process(ContainerRecord r) {
        return Map.of(
                "name",
                r.container(),
                "cluster",
                r.cluster(),
                "node",
                r.node(),
                "namespace",
                r.namespace(),
                "pod",
                r.pod(),
                "pid",
                r.pid(),
                "cgroup",
                r.cgroup());
    }

    private Map<String, Object> cluster(LabFile file, Topology.Cluster cluster) throws IOException {
        List<Object> nodes = new ArrayList<>();
        for (Topology.Node node : cluster.nodes()) {
            nodes.add(Map.of(
                    "name",
                    node.name(),
                    "address",
                    node.address(),
                    "podCIDR",
                    node.podRange(),
                    "pid",
                    file.nodePid(node),
                    "namespace",
                    node.namespace(),
                    "cgroup",
                    lab.home()
                            .cgroup()
                            .resolve(cluster.name())
                            .resolve(node.name())
                            .toString()));
        }
        return Map.of(
                "name",
                cluster.name(),
                "context",
                cluster.name(),
                "server",
                file.servers().get(cluster.name()),
                "cni",
                cluster.networkPlugin(),
                "nodes",
                nodes);
    }
}
