package dev.tombolo.netlink.sysctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings without which the kernel drops packets of the tunnel without a word. */
public final class TunnelSysctls {
    /** Loose: the source must be reachable by some device, not by this one. */
    private static final String LOOSE = "2";

    private final Sysctl sysctl;
    private final String device;

    /** A setting that is not what the tunnel needs. */
    public record Wrong(String name, String read, String expected, String fix) {}

    public TunnelSysctls(Sysctl sysctl, String device) {
        this.sysctl = sysctl;
        this.device = device;
    }

    /** Sets what concerns our device only. The effective rp_filter is the larger one of all and the device's. */
    public void apply() throws IOException {
        sysctl.write(LOOSE, "net", "ipv4", "conf", device, "rp_filter");
    }

    /** What is wrong; forwarding belongs to the node and its CNI, so it is only looked at. */
    public List<Wrong> check() throws IOException {
        var wrong = new ArrayList<Wrong>();
        expect("1", "net", "ipv4", "ip_forward").ifPresent(wrong::add);
        if (reversePathFilter("all") != 2 && reversePathFilter(device) != 2) {
            expect(LOOSE, "net", "ipv4", "conf", device, "rp_filter").ifPresent(wrong::add);
        }
        return wrong;
    }

    private int reversePathFilter(String where) throws IOException {
        return sysctl.read("net", "ipv4", "conf", where, "rp_filter")
                .map(Integer::parseInt)
                .orElse(0);
    }

    private Optional<Wrong> expect(String value, String... name) throws IOException {
        String read = sysctl.read(name).orElse("nothing");
        String path = String.join("/", name);
        return read.equals(value)
                ? Optional.empty()
                : Optional.of(new Wrong(path, read, value, "sysctl -w " + path + "=" + value));
    }
}
