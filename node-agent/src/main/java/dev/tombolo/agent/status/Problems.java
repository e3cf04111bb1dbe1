package dev.tombolo.agent.status;

import dev.tombolo.agent.service.OwnerPlan;
import dev.tombolo.kube.object.MeshNodeObject.MapUse;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.nft.ForwardPolicy;
import dev.tombolo.reconciler.loop.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What a person should mend, with its cause and the way to mend it. */
public final class Problems {
    private static final int MOST_ROWS_NAMED = 3;
    /** The oldest entry of these makes room for the next one. */
    private static final Set<String> FULL_ON_PURPOSE = Set.of("udp_reverse");

    private static final double NEARLY_FULL = 0.9;
    /** As the edge to eBPF says it. */
    private static final Pattern FULL_MAP = Pattern.compile("map (\\w+) refused: E2BIG");

    private static final String NO_NEW_CONNECTION = "no new connection goes there while a service has other backends";

    private Problems() {}

    /** Rows that a target refuses. */
    public static List<Problem> ofTable(
            String table,
            Map<?, Failure> failures,
            java.util.Optional<Failure> unreadable,
            UnaryOperator<String> setting) {
        var problems = new ArrayList<Problem>();
        unreadable.ifPresent(failure -> problems.add(new Problem(
                table,
                "cannot be read since " + failure.since() + ": " + failure.reason(),
                fix(failure.reason(), setting))));
        failures.entrySet().stream()
                .sorted(java.util.Comparator.comparing(row -> row.getKey().toString()))
                .limit(MOST_ROWS_NAMED)
                .forEach(row -> problems.add(new Problem(
                        table,
                        row.getKey() + " is not applied: " + row.getValue().reason(),
                        fix(row.getValue().reason(), setting))));
        if (failures.size() > MOST_ROWS_NAMED) {
            problems.add(new Problem(table, (failures.size() - MOST_ROWS_NAMED) + " more rows are not applied", ""));
        }
        return problems;
    }

    private static String fix(String reason, UnaryOperator<String> setting) {
        var full = FULL_MAP.matcher(reason);
        if (full.find()) {
            return "tombolo upgrade --set " + setting.apply(full.group(1))
                    + "=NUMBER with a larger one, or connect fewer clusters";
        }
        if (reason.contains("tombolo-wireguard")) {
            return "kubectl -n tombolo-system get pods -l app=tombolo-wireguard -o wide, and look at this node's logs";
        }
        return "";
    }

    /** Two facts of each cluster that say nothing of each other: whether its mesh is heard, and whether its nodes are. */
    public static List<Problem> ofClusters(
            Map<ClusterName, SourceState> states, Map<ClusterName, ClusterPaths> paths, int ownPort) {
        var problems = new ArrayList<Problem>();
        states.forEach((cluster, state) -> {
            var known = paths.getOrDefault(cluster, ClusterPaths.NONE);
            switch (state) {
                case SourceState.Fresh _ when known.allDead() -> problems.add(unreachable(cluster, known, ownPort));
                case SourceState.Fresh _ -> problems.addAll(deadPaths(known, ownPort));
                case SourceState.Connecting(var what) -> {
                    problems.add(new Problem("cluster " + cluster, "not read yet, waiting for " + what, ""));
                    problems.addAll(deadPaths(known, ownPort));
                }
                case SourceState.Stale(Instant since, var cause)
                when known.allDead() -> problems.add(dead(cluster, since, cause, known));
                case SourceState.Stale(Instant since, var cause) -> {
                    problems.add(stale(cluster, since, cause, known));
                    problems.addAll(deadPaths(known, ownPort));
                }
            }
        });
        return problems;
    }

    private static Problem unreachable(ClusterName cluster, ClusterPaths paths, int ownPort) {
        return new Problem(
                "cluster " + cluster,
                "none of its " + paths.known() + " paths answers since " + latest(paths)
                        + ", though its mesh is fresh; " + NO_NEW_CONNECTION,
                "check UDP port " + ownPort + " between this node and the nodes of " + cluster
                        + ": firewalls, and that the tunnel device is up on both sides; echo requests (ping) must pass"
                        + " in the tunnel");
    }

    private static Problem dead(ClusterName cluster, Instant since, String cause, ClusterPaths paths) {
        return new Problem(
                "cluster " + cluster,
                "dead: stale since " + since + ": " + cause + ", and none of its " + paths.known()
                        + " paths answers since " + latest(paths) + "; " + NO_NEW_CONNECTION,
                "see that the cluster is up and that the network to it works");
    }

    private static Problem stale(ClusterName cluster, Instant since, String cause, ClusterPaths paths) {
        String traffic = paths.known() == 0
                ? ""
                : "; " + paths.answering() + " of " + paths.known() + " paths answer, so traffic goes on";
        return new Problem(
                "cluster " + cluster,
                "stale since " + since + ": " + cause + traffic,
                "what is known stays in use; see that clustermesh-apiserver runs in tombolo-system");
    }

    private static List<Problem> deadPaths(ClusterPaths paths, int ownPort) {
        var problems = new ArrayList<Problem>();
        paths.deadSince().entrySet().stream()
                .limit(MOST_ROWS_NAMED)
                .forEach(path -> problems.add(new Problem(
                        "path to node " + path.getKey().name() + " of cluster "
                                + path.getKey().cluster(),
                        "answers no probe since " + path.getValue() + "; " + NO_NEW_CONNECTION,
                        "see that the node is up; check UDP port " + ownPort
                                + " between it and this node in the firewalls; it must answer ping in the tunnel")));
        int more = paths.deadSince().size() - MOST_ROWS_NAMED;
        if (more > 0) {
            problems.add(new Problem("paths", more + " more are dead", ""));
        }
        return problems;
    }

    private static Instant latest(ClusterPaths paths) {
        return paths.deadSince().values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
    }

    /** Maps that are full, or will soon be; whole percents, so that this does not change with every row. */
    public static List<Problem> ofMaps(List<MapUse> maps, UnaryOperator<String> setting) {
        return maps.stream()
                .filter(map -> !FULL_ON_PURPOSE.contains(map.name()))
                .filter(map -> map.capacity() > 0 && map.entries() >= map.capacity() * NEARLY_FULL)
                .map(map -> new Problem(
                        "map " + map.name(),
                        100L * map.entries() / map.capacity() + " % of its " + map.capacity() + " entries are in use",
                        "tombolo upgrade --set " + setting.apply(map.name()) + "=NUMBER with a larger one"))
                .toList();
    }

    /** Rows of peers and addresses of this cluster that are not believed, and values that could not be read since the agent started. */
    public static List<Problem> ofRefused(
            Map<Invalid.Reason, Long> disbelieved,
            Map<Invalid.Reason, Invalid> examples,
            Map<Invalid.Reason, Long> read) {
        var problems = new ArrayList<Problem>();
        disbelieved.forEach(
                (reason, count) -> problems.add(
                        new Problem(
                                "refused objects",
                                count + " " + reason + ", for instance " + examples.get(reason),
                                reason == Invalid.Reason.ADDRESS_NOT_OURS
                                        ? "mend the node or pod of this cluster that names the address, or the peer's ranges in its MeshPeer"
                                        : "see whether the peer's ranges in its MeshPeer are those it has now; connect it again if not")));
        read.forEach((reason, count) -> problems.add(new Problem(
                "refused objects",
                count + " " + reason + " when read, since the agent started",
                "see the agent's log")));
        return problems;
    }

    /** Peers that are declared in a way that cannot be followed. */
    public static List<Problem> ofDeclarations(List<String> notFollowed) {
        return notFollowed.stream()
                .map(name -> new Problem(
                        "MeshPeer " + name,
                        "is not followed: its name, clusterId or maxConnectedClusters cannot be used",
                        "disconnect and connect it again"))
                .toList();
    }

    /** Words of annotations that are not what they should be; whatever else was read holds. */
    public static List<Problem> ofAnnotations(List<Invalid> misread) {
        return misread.stream()
                .map(word -> new Problem(
                        word.where(),
                        "has no effect where it says " + word.read(),
                        "write " + word.expected() + ", or take it out"))
                .toList();
    }

    /** Routes that should be there, are not, and have no failure of their own to show. */
    public static List<Problem> ofRoutes(Set<Prefix> desired, Set<Prefix> applied, Set<Prefix> failed) {
        return desired.stream()
                .filter(route -> !applied.contains(route) && !failed.contains(route))
                .map(route -> new Problem(
                        "route " + route,
                        "is missing",
                        "it is made within seconds once there is a tunnel device; see this node's pod of"
                                + " tombolo-wireguard if not"))
                .toList();
    }

    /** A node without a tunnel address can neither reach other clusters nor be reached. */
    public static List<Problem> ofTunnelAddress(boolean peersAreDeclared, boolean hasAddress) {
        return peersAreDeclared && !hasAddress
                ? List.of(new Problem(
                        "tunnel address",
                        "this node has none, so other clusters are closed to it",
                        "clustermesh-apiserver gives one to each node; see that it runs in tombolo-system"))
                : List.of();
    }

    public static Problem ofAttaching(String failure) {
        return new Problem(
                "programs",
                "not attached: " + failure,
                "global services are not served on this node; see that the pod is privileged and has hostPaths "
                        + "/sys/fs/bpf and /sys/fs/cgroup");
    }

    /** Of egress policies, none of which this node can carry out. */
    public static Problem ofEgress(String failure) {
        return new Problem(
                "egress policies",
                "cannot be carried out: " + failure,
                "selected pods leave as if there were no policy, or by the rules of the agent before; see that the pod is "
                        + "privileged and has hostPath /sys/fs/bpf, and the agent's log");
    }

    public static Problem ofClientsOutside(String failure) {
        return new Problem(
                "services for clients outside",
                "not served on this node as they should be: " + failure,
                "see the agent's log");
    }

    public static Problem ofBgp(String failure) {
        return new Problem(
                "BGP",
                "is not spoken as it should be: " + failure,
                "kubectl describe ciliumbgpnodeconfig of this node, and the agent's log");
    }

    /** A flood of beginnings, or more clients than there is room for. */
    public static Problem ofCrowd() {
        return new Problem(
                "services for clients outside",
                "connections that no client has gone on with have half of the room: new ones begin for known clients only",
                "end the flood; where it is none, tombolo upgrade --set maps.service-connections=NUMBER with a larger one");
    }

    /** Services under an address that another one has. */
    public static List<Problem> ofContests(List<OwnerPlan.Contest> contests) {
        return contests.stream()
                .limit(MOST_ROWS_NAMED)
                .map(contest -> new Problem(
                        "service " + contest.loser().name(),
                        "is not reached at " + contest.place() + ", which service "
                                + contest.owner().name() + " has, too: it is older, or has it in the cluster",
                        "give one of them another address or port"))
                .toList();
    }

    public static Problem ofSockets(String failure) {
        return new Problem(
                "UDP sockets",
                "connected ones cannot all be ended when their backend leaves: " + failure,
                "the kernel needs CONFIG_INET_DIAG_DESTROY, and the pod is to be privileged with hostPID");
    }

    /** What the node does with packets that go through it, and we with them. */
    public static List<Problem> ofForwardPolicy(ForwardPolicy policy, String device) {
        return switch (policy) {
            case ForwardPolicy.Drop(var where, var fix) ->
                List.of(new Problem(
                        "FORWARD policy",
                        where + " drops what is forwarded, and nothing accepts what goes through " + device,
                        fix));
            // What cannot be seen is not claimed.
            case ForwardPolicy.Accept _, ForwardPolicy.Unknown _ -> List.of();
        };
    }
}
