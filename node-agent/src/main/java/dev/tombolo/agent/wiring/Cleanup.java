package dev.tombolo.agent.wiring;

import dev.tombolo.agent.egress.EgressTraces;
import dev.tombolo.agent.path.KernelRoutes;
import dev.tombolo.agent.path.NftPlan;
import dev.tombolo.agent.path.NftTable;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.wireguard.UserspaceWireGuard;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Takes every trace off this node; what cannot be removed does not keep the rest. */
public final class Cleanup {
    private interface Step {
        void run() throws IOException;
    }

    private Cleanup() {}

    public static void run(Map<String, String> environment) throws IOException, InterruptedException {
        Settings settings;
        try (var context = ApplicationContext.builder()
                .banner(false)
                .bootstrapEnvironment(false)
                .build()) {
            context.getEnvironment().start();
            settings = Settings.read(context.getEnvironment(), environment);
        }
        var failures = new ArrayList<String>();
        // A chain that names a program which is gone would let no pod start any more.
        step("CNI", () -> settings.cni().hook(settings.bpffs()).remove(), failures);
        // Programs before what they lead to: they would go on choosing backends that are no longer reached.
        step("eBPF", () -> Datapath.removeAll(settings.bpffs()), failures);
        step("egress files", () -> EgressTraces.removeFiles(UserspaceWireGuard.SOCKETS), failures);
        try (var netlink = Netlink.open()) {
            step("device", () -> netlink.links().delete(settings.device()), failures);
            step("routes", () -> new KernelRoutes(netlink).removeAll(), failures);
            step("egress devices", () -> EgressTraces.removeDevices(netlink), failures);
            step("egress addresses", () -> EgressTraces.removeAddresses(netlink), failures);
            step("egress routes", () -> EgressTraces.removeRoutes(netlink), failures);
        }
        for (String table : List.of(NftPlan.V4, NftPlan.V6)) {
            step("nft", () -> new NftTable(HostCommand.here()).remove(table), failures);
        }
        step(
                "sockets",
                () -> Files.deleteIfExists(UserspaceWireGuard.SOCKETS.resolve(settings.device() + ".sock")),
                failures);
        step("state", () -> contents(settings.state()), failures);
        step("run", () -> contents(settings.run()), failures);
        if (!failures.isEmpty()) {
            throw new IOException("not everything could be removed:\n  " + String.join("\n  ", failures));
        }
        System.out.println("nothing of Tombolo is left on this node");
        if (environment.containsKey("TOMBOLO_CLEANUP_WAIT")) {
            Thread.currentThread().join();
        }
    }

    private static void step(String what, Step step, List<String> failures) {
        try {
            step.run();
        } catch (IOException | RuntimeException failure) {
            failures.add(what + ": " + failure.getMessage());
        }
    }

    private static void contents(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> paths;
        try (var walk = Files.walk(directory)) {
            paths = walk.filter(path -> !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
