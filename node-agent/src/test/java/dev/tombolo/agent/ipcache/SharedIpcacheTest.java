package dev.tombolo.agent.ipcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The maps of a kernel, from the two sides that write them. */
class SharedIpcacheTest {
    private static final int ROOM = 16;
    private static final Prefix WEST = Prefix.parse("10.2.1.5/32");
    private static final IpcacheEntry WESTS = new IpcacheEntry(131_073, 0, 2, 0);
    private static final IpcacheEntry OURS = new IpcacheEntry(65_537, 0, 1, IpcacheEntry.LOCAL);

    private Path bpffs;
    private Datapath datapath;
    private Target<Prefix, IpcacheEntry> own;
    private Target<Prefix, IpcacheEntry> others;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        var options = new DatapathOptions(bpffs, Path.of("/nowhere"), Map.of("ipc_host", ROOM));
        datapath = Datapath.open(options);
        var shared = new SharedIpcache(new KernelIpcache(datapath.ipcacheHosts(), datapath.ipcacheCidrs()));
        own = shared.own();
        others = shared.others();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (datapath == null) {
            return;
        }
        datapath.close();
        Datapath.removeAll(bpffs);
        TestNamespace.command(List.of("umount", bpffs.toString()));
        Files.delete(bpffs);
    }

    @Test
    void eachSideSeesAndRemovesItsOwnRowsOnly() throws IOException {
        own.put(ours(1), OURS);
        others.put(WEST, WESTS);
        assertThat(own.observe()).isEqualTo(Map.of(ours(1), OURS));
        assertThat(others.observe()).isEqualTo(Map.of(WEST, WESTS));
        own.remove(WEST);
        others.remove(ours(1));
        assertThat(own.observe()).isEqualTo(Map.of(ours(1), OURS));
        assertThat(others.observe()).isEqualTo(Map.of(WEST, WESTS));
        own.remove(ours(1));
        others.remove(WEST);
        assertThat(own.observe()).isEmpty();
        assertThat(others.observe()).isEmpty();
    }

    @Test
    void ownAddressesLeaveHalfOfTheMapToTheOthers() throws IOException {
        for (int i = 0; i < ROOM / 2; i++) {
            own.put(ours(i), OURS);
        }
        assertThatThrownBy(() -> own.put(ours(ROOM), OURS)).hasMessageContaining("map ipc_host refused: E2BIG");
        own.put(ours(0), OURS);
        for (int i = 0; i < ROOM / 2; i++) {
            others.put(Prefix.parse("10.2.0." + i + "/32"), WESTS);
        }
        own.remove(ours(0));
        own.put(ours(ROOM), OURS);
        assertThat(own.observe()).hasSize(ROOM / 2).containsKey(ours(ROOM));
    }

    @Test
    void theOthersCannotTakeAnAddressThatIsOursAndGetItOnceItIsNot() throws IOException {
        own.put(WEST, OURS);
        assertThatThrownBy(() -> others.put(WEST, WESTS)).hasMessageContaining(WEST + " is an address of this cluster");
        var second = Prefix.parse("10.2.1.6/32");
        assertThat(others.putAll(Map.of(WEST, WESTS, second, WESTS))).containsOnlyKeys(WEST);
        assertThat(own.observe()).isEqualTo(Map.of(WEST, OURS));
        assertThat(others.observe()).isEqualTo(Map.of(second, WESTS));
        own.remove(WEST);
        others.put(WEST, WESTS);
        assertThat(others.observe()).containsOnlyKeys(WEST, second);
        others.remove(WEST);
        assertThat(others.observe()).containsOnlyKeys(second);
    }

    private static Prefix ours(int last) {
        return Prefix.parse("10.1.0." + last + "/32");
    }
}
