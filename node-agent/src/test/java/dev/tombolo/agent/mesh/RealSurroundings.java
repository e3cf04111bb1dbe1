package dev.tombolo.agent.mesh;

import dev.tombolo.agent.ipcache.KernelIpcache;
import dev.tombolo.agent.node.TunnelDevice;
import dev.tombolo.agent.path.KernelRoutes;
import dev.tombolo.agent.path.NftTable;
import dev.tombolo.agent.service.KernelServices;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.testkit.etcd.EtcdProcess;
import dev.tombolo.testkit.netns.TestNamespace;
import dev.tombolo.testkit.netns.TunnelProcess;
import dev.tombolo.wireguard.PrivateKey;
import dev.tombolo.wireguard.WireGuardBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real etcd, the kernel's eBPF maps, and a namespace with routes, nft and a WireGuard device. */
final class RealSurroundings implements Surroundings {
    private static final int PORT = 51_871;

    private final TestNamespace namespace = TestNamespace.create();
    private final Netlink netlink = Netlink.openIn(namespace.path());
    private final WireGuardBackend backend = WireGuardBackend.detect(Optional.of(namespace.path()));
    private final Optional<TunnelProcess> tunnel;
    private final PrivateKey key = PrivateKey.generate();
    private final EtcdProcess etcd = EtcdProcess.plain();
    private final Path bpffs = Files.createTempDirectory("tombolo-bpffs");
    private Optional<Datapath> datapath = Optional.empty();

    RealSurroundings() throws IOException {
        tunnel = switch (backend) {
            case WireGuardBackend.Kernel kernel -> {
                kernel.device(device()).create();
                yield Optional.empty();
            }
            case WireGuardBackend.Userspace _ -> Optional.of(TunnelProcess.in(namespace));
        };
        backend.device(device()).configure(key, PORT);
        namespace.run("ip addr add 100.64.64.1/32 dev " + device());
        namespace.run("ip link set " + device() + " up");
    }

    @Override
    public KvStore open() throws KvException {
        return EtcdStore.open(EtcdAddress.plain(etcd.endpoint()));
    }

    @Override
    public void cut() {
        etcd.kill();
    }

    @Override
    public void heal() {
        etcd.start();
    }

    @Override
    public String device() {
        return tunnel.map(TunnelProcess::device).orElse("wg");
    }

    @Override
    public MeshPlans.Targets targets(MeshTables tables) throws IOException {
        datapath.ifPresent(Datapath::close);
        // Nothing is attached, so that there need be no cgroup.
        var opened = Datapath.open(new DatapathOptions(bpffs, bpffs, Map.of()));
        datapath = Optional.of(opened);
        return new MeshPlans.Targets(
                new TunnelDevice(backend, device(), key, PORT, tables.peers),
                new KernelRoutes(netlink),
                new NftTable(HostCommand.in(namespace.name())),
                new KernelIpcache(opened.ipcacheHosts(), opened.ipcacheCidrs()),
                new KernelServices(opened.services()));
    }

    @Override
    public void close() throws IOException {
        datapath.ifPresent(Datapath::close);
        Datapath.removeAll(bpffs);
        TestNamespace.command(List.of("umount", bpffs.toString()));
        Files.delete(bpffs);
        etcd.close();
        if (tunnel.isPresent()) {
            tunnel.get().close();
        }
        netlink.close();
        namespace.close();
    }
}
