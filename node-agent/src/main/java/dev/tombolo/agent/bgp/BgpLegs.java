package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.bgp.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a session with a router needs, each by itself, as this node sees it. */
final class BgpLegs {
    /** A status has to fit into etcd. */
    private static final int MOST = 200;

    private BgpLegs() {}

    /** @param answers of routers that were looked for */
    static List<Leg> of(PlannedPeers peers, SpeakerStatus speaker, Function<PeerId, Optional<RouterAnswer>> answers) {
        var legs = new ArrayList<Leg>();
        if (!peers.peers().isEmpty()) {
            legs.add(channel(speaker));
            speaker.configurationProblem().ifPresent(problem -> legs.add(configuration(problem)));
        }
        peers.problems().forEach(problem -> legs.add(problem(problem)));
        peers.peers()
                .forEach((id, peer) -> Optional.ofNullable(speaker.peers().get(id))
                        .ifPresent(status -> legs.addAll(PeerLegs.of(peer.session(), status, answers.apply(id)))));
        return legs.stream()
                .sorted(Comparator.comparing((Leg leg) -> leg.state() == NodeLegs.State.Holds))
                .limit(MOST)
                .toList();
    }

    private static Leg channel(SpeakerStatus speaker) {
        var note = BgpNote.of("channel", "");
        String version = speaker.version().map(known -> ", ExaBGP " + known).orElse("");
        String expected = "the program that speaks BGP to answer";
        String fix = "kubectl -n tombolo-system get pods -l app=tombolo-bgp -o wide, and the log of this node's";
        return switch (speaker.channel()) {
            case READY -> note.holds("it answers" + version);
            case LEARNING ->
                note.unknown("what it holds is being read", expected, "it has just been found", "ask again");
            case STALLED ->
                note.broken(speaker.reason(), expected, "it is stuck: sessions stay, and changes are not told", fix);
            case ABSENT ->
                note.broken(
                        speaker.reason(), expected, "its pod does not run: sessions end, or nobody can see them", fix);
        };
    }

    private static Leg configuration(String problem) {
        return BgpNote.of("configuration", "")
                .broken(
                        problem,
                        "the sessions that are wanted to be those that are held",
                        "the program that speaks has not taken its configuration",
                        "see the log of this node's agent, and of its pod of tombolo-bgp");
    }

    private static Leg problem(PeerProblem problem) {
        String of = problem.peer().map(PeerId::toString).orElse(problem.clusterConfig());
        return switch (problem.kind()) {
            case SECRET_UNREAD ->
                BgpNote.of("secret", of)
                        .unknown(problem.message(), "the Secret to be read", "it has just been asked for", "ask again");
            case MISSING_AUTH_SECRET ->
                BgpNote.of("secret", of)
                        .broken(
                                problem.message(),
                                "a Secret with the key password, in namespace kube-system",
                                "without its password a session is not begun",
                                "make it, or correct spec.authSecretRef" + config(problem));
            default ->
                BgpNote.of("peer", of)
                        .broken(
                                problem.message(),
                                "a peer that a session can be held with",
                                problem.kind().reason() + ": see the message",
                                "kubectl edit ciliumbgpclusterconfig " + problem.clusterConfig() + config(problem));
        };
    }

    private static String config(PeerProblem problem) {
        return problem.peerConfig()
                .map(name -> ", or kubectl edit ciliumbgppeerconfig " + name)
                .orElse("");
    }
}
