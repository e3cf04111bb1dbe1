package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An address on a device, with the length of its network; unlike a prefix it keeps its host bits.
 *
 * @param label 1 to 15 bytes that an IPv4 address is known by, such as who put it there; the kernel takes any word, while
 *     ip(8) wants one that starts with the device's name. Absent where it is that name, as it is by default
 */
public record InterfaceAddress(String device, IpAddress address, int length, Optional<String> label) {
    private static final int LONGEST_LABEL = 15;

    public InterfaceAddress {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0–" + address.bits());
        }
        label.ifPresent(word -> check(word, address));
    }

    public InterfaceAddress(String device, IpAddress address, int length) {
        this(device, address, length, Optional.empty());
    }

    /** An address alone, with no network around it. */
    public static InterfaceAddress host(String device, IpAddress address) {
        return new InterfaceAddress(device, address, address.bits());
    }

    public InterfaceAddress withLabel(String word) {
        return new InterfaceAddress(device, address, length, Optional.of(word));
    }

    private static void check(String label, IpAddress address) {
        int size = label.getBytes(StandardCharsets.UTF_8).length;
        if (size == 0 || size > LONGEST_LABEL) {
            throw new IllegalArgumentException("a label has 1 to " + LONGEST_LABEL + " bytes, not: " + label);
        }
        if (!address.isV4()) {
            throw new IllegalArgumentException("only IPv4 addresses have labels, not " + address);
        }
    }

    @Override
    public String toString() {
        return address + "/" + length + " on " + device;
    }
}
