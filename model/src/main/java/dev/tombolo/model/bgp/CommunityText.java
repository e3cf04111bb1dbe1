package dev.tombolo.model.bgp;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Communities as people write them. */
public final class CommunityText {
    private static final int RESERVED = 0xffff;
    private static final int HALF = 16;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final Pattern STANDARD = Pattern.compile("(\\d{1,5}):(\\d{1,5})");
    private static final Pattern LARGE = Pattern.compile("(\\d{1,10}):(\\d{1,10}):(\\d{1,10})");

    /** By the names that CRDs have for them (IANA's registry of well-known communities). */
    static final Map<String, Community> WELL_KNOWN = new TreeMap<>(Map.ofEntries(
            Map.entry("internet", new Community.Standard(0, 0)),
            reserved("planned-shut", 0),
            reserved("accept-own", 1),
            reserved("route-filter-translated-v4", 2),
            reserved("route-filter-v4", 3),
            reserved("route-filter-translated-v6", 4),
            reserved("route-filter-v6", 5),
            reserved("llgr-stale", 6),
            reserved("no-llgr", 7),
            reserved("blackhole", 0x029a),
            reserved("no-export", 0xff01),
            reserved("no-advertise", 0xff02),
            reserved("no-export-subconfed", 0xff03),
            reserved("no-peer", 0xff04)));

    private CommunityText() {}

    /** Two halves, or all 32 bits as one number. */
    public static Optional<Community> standard(String text) {
        if (NUMBER.matcher(text).matches()) {
            long bits = Long.parseLong(text);
            return bits > Asn.LARGEST
                    ? Optional.empty()
                    : Optional.of(new Community.Standard((int) (bits >>> HALF), (int) (bits & RESERVED)));
        }
        var halves = STANDARD.matcher(text);
        return halves.matches() && isWithin(halves.group(1), RESERVED) && isWithin(halves.group(2), RESERVED)
                ? Optional.of(
                        new Community.Standard(Integer.parseInt(halves.group(1)), Integer.parseInt(halves.group(2))))
                : Optional.empty();
    }

    public static Optional<Community> wellKnown(String name) {
        return Optional.ofNullable(WELL_KNOWN.get(name));
    }

    /** Three numbers. */
    public static Optional<Community> large(String text) {
        var parts = LARGE.matcher(text);
        return parts.matches()
                        && isWithin(parts.group(1), Asn.LARGEST)
                        && isWithin(parts.group(2), Asn.LARGEST)
                        && isWithin(parts.group(3), Asn.LARGEST)
                ? Optional.of(new Community.Large(
                        Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    private static boolean isWithin(String digits, long most) {
        return Long.parseLong(digits) <= most;
    }

    private static Map.Entry<String, Community> reserved(String name, int low) {
        return Map.entry(name, new Community.Standard(RESERVED, low));
    }
}
