package dev.tombolo.netlink.nft;

import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Our one nftables table: pods keep their source into the tunnel, segments fit it, and nothing for a remote range
 * leaves by any other device.
 */
public final class NftRuleset {
    private static final Pattern ELEMENTS = Pattern.compile("elements = \\{([^}]*)}");
    private static final Pattern COUNTER = Pattern.compile("packets (\\d+) bytes (\\d+)");
    private static final Pattern DEVICE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

    private final HostCommand host;
    private final String device;
    private final SortedSet<Prefix> ranges = new TreeSet<>();

    /** Packets for a remote range that would have left in clear, and were dropped. */
    public record LeaksRefused(long packets, long bytes) {}

    public NftRuleset(HostCommand host, String device) {
        if (!DEVICE_NAME.matcher(device).matches()) {
            throw new IllegalArgumentException("not a device name: " + device);
        }
        this.host = host;
        this.device = device;
    }

    /** Makes the table, or makes it anew; ranges that it holds stay closed all the while. */
    public synchronized void install() throws IOException {
        ranges.addAll(ranges());
        apply(RulesetText.table(device, RangeCover.of(ranges)));
    }

    public synchronized boolean isInstalled() throws IOException {
        return host.run("", "nft", "list", "table", "inet", "tombolo").succeeded();
    }

    /** The ranges in the kernel: those that are inside another one are not listed. */
    public synchronized SortedSet<Prefix> ranges() throws IOException {
        var found = new TreeSet<Prefix>();
        found.addAll(elements("remote4"));
        found.addAll(elements("remote6"));
        return found;
    }

    /** Adds a remote range; one already there is success. */
    public synchronized void addRange(Prefix range) throws IOException {
        var wanted = new TreeSet<>(ranges);
        wanted.add(range);
        change(wanted);
    }

    /** Removes a remote range; an absent one is success. Narrower ranges inside it stay closed. */
    public synchronized void removeRange(Prefix range) throws IOException {
        var wanted = new TreeSet<>(ranges);
        wanted.remove(range);
        change(wanted);
    }

    /** Makes the remote ranges these, changing only the difference, in one transaction. */
    public synchronized void setRanges(Collection<Prefix> wanted) throws IOException {
        change(new TreeSet<>(wanted));
    }

    public synchronized LeaksRefused leaksRefused() throws IOException {
        String text = must("", "nft", "list", "counter", "inet", "tombolo", "leak-refused");
        var matcher = COUNTER.matcher(text);
        if (!matcher.find()) {
            throw new IOException("nft listed no counter but: " + text);
        }
        return new LeaksRefused(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    /** Deletes the table; an absent one is success. */
    public synchronized void remove() throws IOException {
        apply("add table " + RulesetText.TABLE + "\ndelete table " + RulesetText.TABLE + "\n");
        ranges.clear();
    }

    private void change(SortedSet<Prefix> wanted) throws IOException {
        var now = ranges();
        var cover = RangeCover.of(wanted);
        var added = new TreeSet<>(cover);
        added.removeAll(now);
        now.removeAll(cover);
        if (!added.isEmpty() || !now.isEmpty()) {
            apply(RulesetText.elements("delete", now) + RulesetText.elements("add", added));
        }
        ranges.clear();
        ranges.addAll(wanted);
    }

    private Collection<Prefix> elements(String set) throws IOException {
        var found = new TreeSet<Prefix>();
        var listed = host.run("", "nft", "list", "set", "inet", "tombolo", set);
        if (!listed.succeeded() && !listed.output().contains("No such file or directory")) {
            throw new IOException("listing of nftables set " + set + " refused: " + listed.output());
        }
        var matcher = ELEMENTS.matcher(listed.output());
        if (listed.succeeded() && matcher.find()) {
            for (String element : matcher.group(1).split(",")) {
                found.add(Prefix.parse(element.strip()));
            }
        }
        return found;
    }

    private void apply(String text) throws IOException {
        must(text, "nft", "-f", "-");
    }

    private String must(String input, String... words) throws IOException {
        var result = host.run(input, words);
        if (!result.succeeded()) {
            throw new IOException("nft refused our table (status " + result.status() + "): " + result.output());
        }
        return result.output();
    }
}
