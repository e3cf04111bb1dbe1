package dev.tombolo.model.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes addresses as text: dotted quads, and IPv6 as RFC 4291 reads it and RFC 5952 writes it. */
final class IpAddressText {
    private IpAddressText() {}

    static Optional<IpAddress> parse(String text) {
        if (text == null || text.isEmpty() || text.length() > 45) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0 ? v4(text).map(IpAddress::v4) : v6(text);
    }

    private static Optional<Integer> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        int bits = 0;
        for (String part : parts) {
            int octet = number(part, 10, 3, 255);
            // A leading zero is octal to some readers and decimal to others: refused, as Go does.
            if (octet < 0 || (part.length() > 1 && part.charAt(0) == '0')) {
                return Optional.empty();
            }
            bits = bits << 8 | octet;
        }
        return Optional.of(bits);
    }

    private static Optional<IpAddress> v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        var head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        var tail = gap < 0 ? Optional.of(List.<Integer>of()) : groups(text.substring(gap + 2), true);
        if (head.isEmpty() || tail.isEmpty()) {
            return Optional.empty();
        }
        int present = head.get().size() + tail.get().size();
        if (gap < 0 ? present != 8 : present > 7) {
            return Optional.empty();
        }
        var all = new ArrayList<>(head.get());
        for (int i = present; i < 8; i++) {
            all.add(0);
        }
        all.addAll(tail.get());
        return Optional.of(new IpAddress(join(all.subList(0, 4)), join(all.subList(4, 8))));
    }

    private static Optional<List<Integer>> groups(String text, boolean mayEndInV4) {
        var groups = new ArrayList<Integer>();
        if (text.isEmpty()) {
            return Optional.of(groups);
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && mayEndInV4 && parts[i].indexOf('.') >= 0) {
                var v4 = v4(parts[i]);
                if (v4.isEmpty()) {
                    return Optional.empty();
                }
                groups.add(v4.get() >>> 16);
                groups.add(v4.get() & 0xFFFF);
            } else {
                int group = number(parts[i], 16, 4, 0xFFFF);
                if (group < 0) {
                    return Optional.empty();
                }
                groups.add(group);
            }
        }
        return Optional.of(groups);
    }

    private static int number(String text, int radix, int longest, int largest) {
        if (text.isEmpty() || text.length() > longest) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value <= largest ? value : -1;
    }

    private static long join(List<Integer> fourGroups) {
        long bits = 0;
        for (int group : fourGroups) {
            bits = bits << 16 | group;
        }
        return bits;
    }

    static String format(IpAddress address) {
        if (address.isV4()) {
            int bits = address.v4Bits();
            return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? address.high() : address.low()) >>> (48 - 16 * (i % 4))) & 0xFFFF;
        }
        return compress(groups);
    }

    private static String compress(int[] groups) {
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > gapLength) {
                gapStart = i;
                gapLength = run;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
