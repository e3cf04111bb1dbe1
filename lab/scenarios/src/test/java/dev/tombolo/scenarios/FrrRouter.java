package dev.tombolo.scenarios;

import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * FRR as a second router of both clusters, in the network {@code frr} of the lab. It peers with every node, watches those of
 * cluster1 by BFD, and puts into its kernel what it learns; nothing is sent through it.
 */
final class FrrRouter implements AutoCloseable {
    static final String NETWORK = "frr";
    static final long ASN = 64_520;

    private static final Path PROGRAMS = Path.of("/usr/lib/frr");
    private static final Pattern BFD_UP = Pattern.compile("(172\\.30\\.\\d+\\.1[12]) +up\\b");
    /**
     * Nodes are ranges: FRR asks for BFD of a neighbour that it knows by its address before it knows from where, and ends the
     * session that tells it. Paths of several clusters are of several systems, which are one way for FRR only if it is told so.
     */
    private static final String BGP = """
            router bgp %d
             bgp router-id 172.30.1.3
             no bgp ebgp-requires-policy
             bgp graceful-restart
             bgp bestpath as-path multipath-relax
             neighbor cluster1 peer-group
             neighbor cluster1 remote-as 64513
             neighbor cluster1 bfd
             bgp listen range 172.30.1.0/24 peer-group cluster1
             neighbor cluster2 peer-group
             neighbor cluster2 remote-as 64514
             bgp listen range 172.30.2.0/24 peer-group cluster2
             address-family ipv4 unicast
              maximum-paths 8
            """.formatted(ASN);

    private final MeshLab lab;
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    private FrrRouter(MeshLab lab) throws IOException {
        this.lab = lab;
        directory = Files.createTempDirectory("frr");
        Commands.run("chown", "frr:frr", directory.toString());
    }

    /** Where nothing else of the lab is: the first is the other router, the second the API server. */
    static String address(int cluster) {
        return "172.30." + cluster + ".3";
    }

    static FrrRouter start(MeshLab lab) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAMS.resolve("bgpd")), "skipped: FRR's bgpd is not installed (package frr)");
        var router = new FrrRouter(lab);
        try {
            router.connect();
            router.run("zebra", "", "zserv");
            router.run("bfdd", "", "bfdd.vty", "--bfdctl", router.file("bfdd.sock"));
            router.run("bgpd", BGP, "bgpd.vty");
            return router;
        } catch (IOException | RuntimeException failure) {
            router.close();
            throw failure;
        }
    }

    private void connect() throws IOException {
        String frr = lab.home.namespace(NETWORK);
        var script = new StringBuilder("ip netns add %1$s; ip -n %1$s link set lo up\n".formatted(frr));
        for (int cluster : MeshLab.CLUSTERS) {
            script.append("""
                    ip link add frr%1$d netns %2$s type veth peer name eth%1$d netns %3$s
                    ip -n %2$s link set frr%1$d master net%1$d up
                    ip -n %3$s addr add %4$s/24 dev eth%1$d
                    ip -n %3$s link set eth%1$d up
                    """.formatted(cluster, lab.home.namespace("internet"), frr, address(cluster)));
        }
        Commands.script(script.toString());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** Waits until it listens. Ahead of what else the machine does: a build must not be taken for a silent node. */
    private void run(String program, String configuration, String socket, String... more) throws IOException {
        Files.writeString(directory.resolve(program + ".conf"), configuration);
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                lab.home.namespace(NETWORK),
                "chrt",
                "--rr",
                "1",
                PROGRAMS.resolve(program).toString(),
                "-P",
                "0",
                "-f",
                file(program + ".conf"),
                "-i",
                file(program + ".pid"),
                "-z",
                file("zserv"),
                "--vty_socket",
                directory.toString()));
        command.addAll(List.of(more));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile())
                .start());
        MeshLab.await(program + " of FRR to listen", () -> Files.exists(directory.resolve(socket)));
    }

    /** As its kernel has them. */
    Set<String> nextHops(String destination) {
        return RouterScene.nextHops(lab, NETWORK, destination);
    }

    /** Whose BFD is up. */
    Set<String> watched() {
        return BFD_UP.matcher(lab.in(NETWORK, "vtysh --vty_socket " + directory + " -d bfdd -c 'show bfd peers brief'"))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        processes
                .reversed()
                .forEach(process -> process.destroyForcibly().onExit().join());
        try {
            Commands.run("ip", "netns", "del", lab.home.namespace(NETWORK));
            Leftovers.deleteTree(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
