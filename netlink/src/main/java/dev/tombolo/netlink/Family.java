package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** An address family, with the kernel's number. */
public enum Family {
    V4(2),
    V6(10);

    private final int number;

    Family(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static Family of(IpAddress address) {
        return address.isV4() ? V4 : V6;
    }

    static Family of(Prefix prefix) {
        return prefix.isV4() ? V4 : V6;
    }

    /** 0.0.0.0/0 or ::/0. */
    Prefix everything() {
        return Prefix.parse(this == V4 ? "0.0.0.0/0" : "::/0");
    }
}
