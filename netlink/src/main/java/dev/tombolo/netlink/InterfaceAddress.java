package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;

/** An address on a device, with the length of its network; unlike a prefix it keeps its host bits. */
public record InterfaceAddress(String device, IpAddress address, int length) {
    public InterfaceAddress {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0–" + address.bits());
        }
    }

    /** An address alone, with no network around it. */
    public static InterfaceAddress host(String device, IpAddress address) {
        return new InterfaceAddress(device, address, address.bits());
    }

    @Override
    public String toString() {
        return address + "/" + length + " on " + device;
    }
}
