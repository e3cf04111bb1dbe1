package dev.tombolo.cli.doctor;

import dev.tombolo.cli.doctor.Finding.Words;
import dev.tombolo.cli.output.Plural;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A line for each cluster of the mesh, and one for whatever an agent says is to be mended. */
final class MeshLegPlan {
    private MeshLegPlan() {}

    private record Link(MeshNodeObject agent, MeshNodeObject.Cluster cluster) {}

    /** @param fresh agents whose reports can be taken for true */
    static List<Finding> findings(List<MeshNodeObject> fresh, DoctorPlan.Choice choice) {
        var findings = new ArrayList<Finding>();
        var links = new TreeMap<String, List<Link>>();
        for (var agent : fresh) {
            agent.status()
                    .clusters()
                    .forEach(cluster -> links.computeIfAbsent(cluster.name(), _ -> new ArrayList<>())
                            .add(new Link(agent, cluster)));
            agent.status().errors().forEach(problem -> findings.add(problem(agent, problem)));
        }
        links.forEach((name, all) -> findings.add(cluster(name, all)));
        return findings;
    }

    private static Finding problem(MeshNodeObject agent, MeshNodeObject.Problem problem) {
        return Finding.broken(
                agent.name(),
                "node",
                problem.what(),
                new Words(
                        problem.message(), "nothing to mend", problem.what() + " " + problem.message(), problem.fix()),
                agent.status().heartbeat());
    }

    private static Finding cluster(String name, List<Link> links) {
        var seen = links.stream()
                .flatMap(link -> link.agent().status().heartbeat().stream())
                .min(Comparator.naturalOrder());
        var states = new TreeSet<String>();
        links.forEach(link -> states.add(link.cluster().state().toString().toLowerCase(Locale.ROOT)));
        int paths = links.stream().mapToInt(link -> link.cluster().paths()).sum();
        int answering =
                links.stream().mapToInt(link -> link.cluster().answeringPaths()).sum();
        String read = String.join(", ", states) + " on " + Plural.of(links.size(), "node") + ", " + answering + " of "
                + Plural.of(paths, "path") + " answer";
        boolean fresh = links.stream().allMatch(link -> link.cluster().state() == State.Fresh);
        return fresh && paths == answering ? Finding.holds("", "mesh", name, read, seen) : broken(name, read, seen);
    }

    private static Finding broken(String name, String read, Optional<Instant> seen) {
        return Finding.broken(
                "",
                "mesh",
                name,
                new Words(
                        read,
                        "fresh on every node, and every path to answer",
                        "its mesh API server or some of its nodes are not reached",
                        "tombolo clustermesh status and tombolo status name the nodes and the error"),
                seen);
    }
}
