package dev.tombolo.agent.egress.program;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who owned each floating address when it was read last. The etcd that says so goes with the mesh server's pod, and may be
 * away when an agent starts: what it does not say any more is taken as it was, so that all nodes plan the same owner again
 * and that one claims its address anew. Confined to the thread that plans.
 *
 * <p>Kept in a file for the agent that comes after this one: first the line {@code egress-owners 1}, then a line {@code
 * ADDRESS NODE EPOCH SINCE HOLDER} for each, the last in the encoding of URLs.
 */
public final class KnownOwners {
    private static final Logger LOG = LoggerFactory.getLogger(KnownOwners.class);
    private static final String FORMAT = "egress-owners 1";
    private static final int FIELDS = 5;

    private final Path file;
    private final ClusterName self;
    private final Map<IpAddress, EgressOwner> known = new TreeMap<>();

    private KnownOwners(Path file, ClusterName self) {
        this.file = file;
        this.self = self;
    }

    /** @param state a directory that outlives the agent */
    public static KnownOwners in(Path state, ClusterName self) {
        var owners = new KnownOwners(state.resolve("egress-owners"), self);
        owners.read();
        return owners;
    }

    /** With the owners that are known of policies that there are, where nothing newer is. */
    EgressState with(EgressState state) {
        remember(state.owners());
        var policies = state.policies().stream().map(EgressPolicy::name).collect(Collectors.toSet());
        var owners = new HashMap<IpAddress, EgressOwner>();
        known.forEach((address, owner) -> {
            String holder = owner.holder();
            if (policies.contains(holder.substring(0, Math.max(0, holder.lastIndexOf('#'))))) {
                owners.put(address, owner);
            }
        });
        owners.putAll(state.owners());
        return state.withOwners(owners);
    }

    private void remember(Map<IpAddress, EgressOwner> owners) {
        if (known.entrySet().containsAll(owners.entrySet())) {
            return;
        }
        known.putAll(owners);
        try {
            write();
        } catch (IOException failure) {
            LOG.warn(
                    "{} cannot be written, so that addresses may move after a restart: {}", file, failure.getMessage());
        }
    }

    private void read() {
        try {
            var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
                throw new IOException("it does not begin with " + FORMAT);
            }
            lines.stream().skip(1).map(line -> List.of(line.split(" ", -1))).forEach(this::add);
        } catch (NoSuchFileException none) {
            LOG.debug("no owners are known from before");
        } catch (IOException | IllegalArgumentException | DateTimeException unreadable) {
            LOG.warn("{} is not believed, and written anew: {}", file, unreadable.getMessage());
            known.clear();
        }
    }

    private void add(List<String> fields) {
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("a line is not ADDRESS NODE EPOCH SINCE HOLDER");
        }
        known.put(
                IpAddress.parse(fields.get(0)),
                new EgressOwner(
                        new NodeId(self, fields.get(1)),
                        Long.parseLong(fields.get(2)),
                        URLDecoder.decode(fields.get(4), StandardCharsets.UTF_8),
                        Instant.parse(fields.get(3))));
    }

    /** Written aside and renamed: a crash leaves what was there, or all of this. */
    private void write() throws IOException {
        var text = new StringBuilder(FORMAT).append('\n');
        known.forEach((address, owner) -> text.append(String.join(
                        " ",
                        address.toString(),
                        owner.node().name(),
                        Long.toString(owner.epoch()),
                        owner.since().toString(),
                        URLEncoder.encode(owner.holder(), StandardCharsets.UTF_8)))
                .append('\n'));
        Files.createDirectories(file.getParent());
        var aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text, StandardCharsets.UTF_8);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
