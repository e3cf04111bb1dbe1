package dev.tombolo.lab.command;

import dev.tombolo.lab.daemon.LabDaemon;
import dev.tombolo.lab.network.Families;
import dev.tombolo.lab.network.Topology;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The daemon's own entry; `up` starts it. */
@Command(name = "daemon", hidden = true)
final class DaemonCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Option(names = "--clusters", required = true)
    private int clusters;

    @Option(names = "--nodes", required = true)
    private int nodes;

    @Option(names = "--ipv6")
    private boolean ipv6;

    @Override
    public Integer call() throws Exception {
        String distribution = System.getenv().getOrDefault("TOMBOLO_DIST", "dist/target/tombolo");
        var families = ipv6 ? Families.DUAL_STACK : Families.IPV4;
        try {
            new LabDaemon(Topology.of(lab.home(), clusters, nodes, families), Path.of(distribution)).run();
            return 0;
        } catch (Exception e) {
            e.printStackTrace();
            return 1;
        }
    }
}
