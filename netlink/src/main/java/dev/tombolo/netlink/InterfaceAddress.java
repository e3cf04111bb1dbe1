package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An address on a device, with the length of its network; unlike a prefix it keeps its host bits.
 *
 * @param label 1 to 15 bytes that an IPv4 address is known by, such as who put it there; the kernel takes any word, while
 *     ip(8) wants one that starts with the device's name. Absent where it is that name, as it is by default
 * @param metric what an IPv6 address can be known by instead, as IPv6 has no labels; 0: none
 * @param preferred whether programs of the machine may get it as their source for long: an IPv6 address may be deprecated,
 *     or one of those that change by themselves
 */
public record InterfaceAddress(
        String device, IpAddress address, int length, Optional<String> label, int metric, boolean preferred) {
    private static final int LONGEST_LABEL = 15;

    public InterfaceAddress {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0–" + address.bits());
        }
        label.ifPresent(word -> check(word, address));
        if (metric < 0 || metric > 0 && address.isV4()) {
            throw new IllegalArgumentException("only IPv6 addresses have metrics, and none below 0: " + metric);
        }
    }

    public InterfaceAddress(String device, IpAddress address, int length) {
        this(device, address, length, Optional.empty(), 0, true);
    }

    /** An address alone, with no network around it. */
    public static InterfaceAddress host(String device, IpAddress address) {
        return new InterfaceAddress(device, address, address.bits());
    }

    public InterfaceAddress withLabel(String word) {
        return new InterfaceAddress(device, address, length, Optional.of(word), metric, preferred);
    }

    public InterfaceAddress withMetric(int value) {
        return new InterfaceAddress(device, address, length, label, value, preferred);
    }

    /** One that programs do not get as their source while there is another. */
    public InterfaceAddress deprecated() {
        return new InterfaceAddress(device, address, length, label, metric, false);
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
