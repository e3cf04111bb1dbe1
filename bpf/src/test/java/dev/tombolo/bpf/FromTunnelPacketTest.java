package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.ipcache.IpcacheCidrKey;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.ipcache.IpcacheHostKey;
import dev.tombolo.model.net.IpAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packet in, verdict and counter out. The packets carry the Ethernet header that the kernel's test run insists on. */
class FromTunnelPacketTest {
    private static final int PASS = -1;
    private static final int DROP = 2;

    private BpfObject object;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("from_tunnel").constant("l3_offset", 14).load();
        var hosts = object.map("ipc_host", IpcacheHostKey.class, IpcacheEntry.class);
        hosts.put(new IpcacheHostKey(IpAddress.parse("192.0.2.2")), new IpcacheEntry(131_073, 7, 2, 0));
        hosts.put(new IpcacheHostKey(IpAddress.parse("192.0.2.66")), new IpcacheEntry(65_537, 1, 1, 1));
        var ranges = object.map("ipc_cidr", IpcacheCidrKey.class, IpcacheEntry.class);
        ranges.put(new IpcacheCidrKey(32 + 96 + 24, 4, IpAddress.parse("198.51.100.0")), new IpcacheEntry(2, 0, 2, 0));
        // Must not swallow IPv4, which is ::ffff:0:0/96 in the maps.
        ranges.put(new IpcacheCidrKey(32, 6, IpAddress.parse("::")), new IpcacheEntry(3, 0, 3, 0));
    }

    @AfterEach
    void close() {
        if (object != null) {
            object.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a known address,        0800, 45000014 00000000 40110000 c0000202 c0000263, pass, FORWARDED, 2",
        "a known range,          0800, 45000014 00000000 40110000 c6336409 c0000263, pass, FORWARDED, 2",
        "with options,           0800, 46000018 00000000 40110000 c0000202 c0000263 01010100, pass, FORWARDED, 2",
        "a later fragment,       0800, 45000014 000100b9 40110000 c0000202 c0000263, pass, FORWARDED, 2",
        "an unknown address,     0800, 45000014 00000000 40110000 cb007101 c0000263, pass, PASS_UNKNOWN_SOURCE, 0",
        "an address of ours,     0800, 45000014 00000000 40110000 c0000242 c0000263, drop, DROP_SPOOFED_LOCAL, 0",
        "a short header length,  0800, 44000014 00000000 40110000 c0000202 c0000263, drop, DROP_MALFORMED, 0",
        "header beyond the end,  0800, 4f000014 00000000 40110000 c0000202 c0000263, drop, DROP_MALFORMED, 0",
        "length beyond the end,  0800, 450003e8 00000000 40110000 c0000202 c0000263, drop, DROP_MALFORMED, 0",
        "IPv6 said to be IPv4,   0800, 65000014 00000000 40110000 c0000202 c0000263, drop, DROP_MALFORMED, 0",
        "IPv6 of a range,        86dd, 60000000 00003b40 20010db8000000000000000000000001 20010db8000000000000000000000002, pass, FORWARDED, 3",
        "IPv6 beyond the end,    86dd, 60000000 00643b40 20010db8000000000000000000000001 20010db8000000000000000000000002, drop, DROP_MALFORMED, 0",
        "IPv4 dressed as IPv6,   86dd, 60000000 00003b40 00000000000000000000ffffc0000202 20010db8000000000000000000000002, drop, DROP_MALFORMED, 0",
        "no IP at all,           0806, 00010800 06040001 000000000000 c0000202 000000000000 c0000263, drop, DROP_NOT_IP, 0"
    })
    void packet(String name, String etherType, String ip, String verdict, String reason, int cluster) throws Exception {
        byte[] frame = HexFormat.of().parseHex("020000000002" + "020000000001" + etherType + ip.replace(" ", ""));
        assertThat(object.testRun("from_tunnel", frame)).isEqualTo(verdict.equals("pass") ? PASS : DROP);
        var counters = new Counters(object);
        assertThat(counters.byReason().stream().filter(counter -> counter.packets() > 0))
                .containsExactly(new Counters.Counter("HOOK_FROM_TUNNEL", reason, 1, frame.length));
        assertThat(counters.byCluster().keySet())
                .containsExactlyElementsOf(cluster == 0 ? java.util.List.of() : java.util.List.of(cluster));
    }
}
